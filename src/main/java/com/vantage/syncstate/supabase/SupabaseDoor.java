package com.vantage.syncstate.supabase;

import com.vantage.syncstate.security.CallerAuthentication;
import com.vantage.syncstate.security.CallerCredentials;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import org.jspecify.annotations.Nullable;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.annotation.Order;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpMethod;
import org.springframework.security.access.AccessDeniedException;
import org.springframework.security.config.Customizer;
import org.springframework.security.config.annotation.web.builders.HttpSecurity;
import org.springframework.security.config.annotation.web.configurers.AbstractHttpConfigurer;
import org.springframework.security.config.http.SessionCreationPolicy;
import org.springframework.security.core.AuthenticationException;
import org.springframework.security.oauth2.jwt.JwtValidationException;
import org.springframework.security.web.SecurityFilterChain;

/**
 * Lets in whoever the rest of the service knows. Who may write is left to the database: the statement of a reader runs in
 * a reader's role, and is refused there as PostgREST's is.
 */
@Configuration(proxyBeanMethods = false)
class SupabaseDoor {

    private static final String PARTS_OF_TOKEN = "[^.]*\\.[^.]*\\.[^.]*";

    @Bean
    @Order(0)
    SecurityFilterChain supabaseRequests(HttpSecurity http, CallerAuthentication authentication) {
        var credentials = new CallerCredentials();
        return http.securityMatcher("/rest/v1/**")
                .cors(Customizer.withDefaults())
                .csrf(AbstractHttpConfigurer::disable)
                .logout(AbstractHttpConfigurer::disable)
                .requestCache(AbstractHttpConfigurer::disable)
                .sessionManagement(session -> session.sessionCreationPolicy(SessionCreationPolicy.STATELESS))
                .authorizeHttpRequests(rules -> rules.requestMatchers(HttpMethod.OPTIONS, "/rest/v1/**")
                        .permitAll()
                        .anyRequest()
                        .hasAuthority("READER"))
                .oauth2ResourceServer(server -> server.bearerTokenResolver(credentials)
                        .authenticationManagerResolver(request -> authentication)
                        .authenticationEntryPoint((request, response, failure) ->
                                unknown(credentials.resolve(request), response, failure))
                        .accessDeniedHandler(SupabaseDoor::denied))
                .exceptionHandling(refusals -> refusals.authenticationEntryPoint((request, response, failure) ->
                                unknown(credentials.resolve(request), response, failure))
                        .accessDeniedHandler(SupabaseDoor::denied))
                .build();
    }

    private static void unknown(
            @Nullable String credential, HttpServletResponse response, AuthenticationException failure)
            throws IOException {
        if (credential == null) {
            response.setHeader(HttpHeaders.WWW_AUTHENTICATE, "Bearer");
            RefusalWriter.write(
                    response,
                    new Refusal(
                            401,
                            "PGRST302",
                            "No API key found in request",
                            null,
                            "No `apikey` request header or url param was found."));
            return;
        }
        response.setHeader(HttpHeaders.WWW_AUTHENTICATE, "Bearer error=\"invalid_token\"");
        if (!credential.matches(PARTS_OF_TOKEN)) {
            RefusalWriter.write(
                    response,
                    new Refusal(
                            401,
                            "PGRST301",
                            "Invalid API key",
                            null,
                            "Double check your Supabase `anon` or `service_role` API key."));
        } else if (isExpired(failure)) {
            RefusalWriter.write(response, new Refusal(401, "PGRST303", "JWT expired"));
        } else {
            RefusalWriter.write(
                    response,
                    new Refusal(401, "PGRST301", "JWT is malformed or was not signed by an issuer known here"));
        }
    }

    private static boolean isExpired(AuthenticationException failure) {
        return failure.getCause() instanceof JwtValidationException invalid
                && invalid.getErrors().stream()
                        .anyMatch(
                                error -> String.valueOf(error.getDescription()).startsWith("Jwt expired"));
    }

    /** A valid token of a role that has no business here. */
    private static void denied(HttpServletRequest request, HttpServletResponse response, AccessDeniedException denied)
            throws IOException {
        RefusalWriter.write(
                response,
                new Refusal(
                        403,
                        "42501",
                        "permission denied for schema public",
                        null,
                        "The claim 'role' of a token is service_role, authenticated or anon"));
    }
}
