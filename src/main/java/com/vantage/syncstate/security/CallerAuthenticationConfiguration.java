package com.vantage.syncstate.security;

import com.vantage.syncstate.config.UnusableSettingException;
import com.vantage.syncstate.database.ConditionalOnEmbeddedDatabase;
import com.vantage.syncstate.database.EmbeddedDatabaseProperties;
import java.time.Clock;
import org.jspecify.annotations.Nullable;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.context.event.ApplicationReadyEvent;
import org.springframework.boot.security.oauth2.server.resource.autoconfigure.JwkSetUriJwtDecoderBuilderCustomizer;
import org.springframework.boot.web.server.context.WebServerApplicationContext;
import org.springframework.context.ApplicationListener;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.security.oauth2.jwt.JwtDecoder;
import org.springframework.web.client.RestTemplate;

/** Which keys and tokens are valid: those of the configuration, else the keys kept beside the embedded database. */
@Configuration(proxyBeanMethods = false)
class CallerAuthenticationConfiguration {

    @Bean
    CallerAuthenticationManager callerAuthentication(
            KeyProperties keys,
            JwtProperties jwt,
            ObjectProvider<JwtDecoder> issuers,
            ObjectProvider<GeneratedKeys> localKeys) {
        var verifier = new JwtAuthenticationManager(jwt, issuers.stream().toList());
        var tokens = new CachingJwtAuthenticationManager(verifier, Clock.systemUTC());
        GeneratedKeys local = localKeys.getIfAvailable();
        if (local != null) {
            return new CallerAuthenticationManager(new ApiKeys(local.asProperties()), tokens);
        }
        if (keys.isEmpty() && !verifier.isConfigured()) {
            throw new UnusableSettingException(
                    "No key is configured, so no one could call the service",
                    "Set vantage.keys.service and vantage.keys.reader (VANTAGE_KEYS_SERVICE, VANTAGE_KEYS_READER);"
                            + " `openssl rand -hex 24` prints a suitable value");
        }
        return new CallerAuthenticationManager(new ApiKeys(keys), tokens);
    }

    @Bean
    static JwkSetUriJwtDecoderBuilderCustomizer issuerRequests() {
        RestTemplate requests = new IssuerRequests().template();
        return decoder -> decoder.restOperations(requests);
    }

    /** Only on the embedded database, and only where nobody chose keys. */
    @Bean
    @ConditionalOnEmbeddedDatabase
    @Nullable
    GeneratedKeys localKeys(KeyProperties keys, EmbeddedDatabaseProperties database) {
        return keys.isEmpty() ? GeneratedKeys.in(database.directory()) : null;
    }

    @Bean
    ApplicationListener<ApplicationReadyEvent> startupBanner(ObjectProvider<GeneratedKeys> localKeys) {
        return ready -> localKeys.ifAvailable(keys ->
                StartupBanner.print(System.out, (WebServerApplicationContext) ready.getApplicationContext(), keys));
    }
}
