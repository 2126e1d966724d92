package com.vantage.syncstate.security;

import com.vantage.syncstate.config.UnusableSettingException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import javax.crypto.spec.SecretKeySpec;
import org.springframework.security.authentication.AuthenticationManager;
import org.springframework.security.authentication.AuthenticationProvider;
import org.springframework.security.authentication.ProviderManager;
import org.springframework.security.core.Authentication;
import org.springframework.security.oauth2.jose.jws.MacAlgorithm;
import org.springframework.security.oauth2.jwt.JwtDecoder;
import org.springframework.security.oauth2.jwt.NimbusJwtDecoder;
import org.springframework.security.oauth2.server.resource.InvalidBearerTokenException;
import org.springframework.security.oauth2.server.resource.authentication.JwtAuthenticationConverter;
import org.springframework.security.oauth2.server.resource.authentication.JwtAuthenticationProvider;

/** Verifies tokens, by a shared secret, by an issuer's keys, or by either where both are configured. */
final class JwtAuthenticationManager implements AuthenticationManager {

    private static final int MIN_SECRET_BYTES = 32;

    private final List<AuthenticationProvider> verifiers = new ArrayList<>();

    /**
     * @param issuers decoders that the framework made of {@code spring.security.oauth2.resourceserver.jwt}
     */
    JwtAuthenticationManager(JwtProperties properties, List<JwtDecoder> issuers) {
        if (properties.isSet()) {
            verifiers.add(verifier(bySecret(Objects.requireNonNull(properties.secret()))));
        }
        issuers.forEach(issuer -> verifiers.add(verifier(issuer)));
    }

    boolean isConfigured() {
        return !verifiers.isEmpty();
    }

    @Override
    public Authentication authenticate(Authentication token) {
        if (verifiers.isEmpty()) {
            throw new InvalidBearerTokenException("No token verification is configured");
        }
        return Objects.requireNonNull(new ProviderManager(verifiers).authenticate(token));
    }

    private static JwtDecoder bySecret(String secret) {
        byte[] bytes = secret.getBytes(StandardCharsets.UTF_8);
        if (bytes.length < MIN_SECRET_BYTES) {
            throw new UnusableSettingException(
                    "vantage.jwt.secret has " + bytes.length + " bytes; HS256 requires at least " + MIN_SECRET_BYTES,
                    "Give the secret that your tokens are signed with; `openssl rand -hex 32` prints a suitable one");
        }
        return NimbusJwtDecoder.withSecretKey(new SecretKeySpec(bytes, "HmacSHA256"))
                .macAlgorithm(MacAlgorithm.HS256)
                .build();
    }

    private static AuthenticationProvider verifier(JwtDecoder decoder) {
        var converter = new JwtAuthenticationConverter();
        converter.setJwtGrantedAuthoritiesConverter(token -> Role.ofClaim(token.getClaimAsString("role"))
                .map(Role::authorities)
                .orElse(List.of()));
        var verifier = new JwtAuthenticationProvider(decoder);
        verifier.setJwtAuthenticationConverter(converter);
        return verifier;
    }
}
