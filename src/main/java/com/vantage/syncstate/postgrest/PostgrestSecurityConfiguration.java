package com.vantage.syncstate.postgrest;

import com.vantage.syncstate.postgrest.error.PostgrestError;
import com.vantage.syncstate.security.ApiKeyBearerTokenResolver;
import com.vantage.syncstate.security.CallerAuthenticationManager;
import com.vantage.syncstate.security.IdentityProviderUnavailableException;
import com.vantage.syncstate.security.RateLimit;
import com.vantage.syncstate.security.Role;
import com.vantage.syncstate.security.StatelessFilterChain;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.annotation.Order;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpMethod;
import org.springframework.security.access.AccessDeniedException;
import org.springframework.security.config.annotation.web.builders.HttpSecurity;
import org.springframework.security.core.Authentication;
import org.springframework.security.core.AuthenticationException;
import org.springframework.security.core.context.SecurityContextHolder;
import org.springframework.security.oauth2.jwt.JwtValidationException;
import org.springframework.security.web.SecurityFilterChain;

/**
 * Who may call what under {@code /rest/v1}, decided on method and path, before a body is read. The database denies the
 * same again: the statement of a reader runs in a reader's role.
 */
@Configuration(proxyBeanMethods = false)
class PostgrestSecurityConfiguration {

    private static final Pattern TARGET = Pattern.compile("/rest/v1/(rpc/)?([^/]+)");
    private static final String PARTS_OF_TOKEN = "[^.]*\\.[^.]*\\.[^.]*";

    @Bean
    @Order(0)
    SecurityFilterChain supabaseRequests(
            HttpSecurity http, CallerAuthenticationManager authentication, RateLimit limit) {
        return StatelessFilterChain.build(StatelessFilterChain.configure(
                        http,
                        authentication,
                        limit,
                        PostgrestSecurityConfiguration::unauthenticated,
                        PostgrestSecurityConfiguration::denied)
                .securityMatcher("/rest/v1/**")
                .authorizeHttpRequests(rules -> rules.requestMatchers(HttpMethod.OPTIONS, "/rest/v1/**")
                        .permitAll()
                        .requestMatchers(HttpMethod.GET, "/rest/v1/**")
                        .hasAuthority(Role.READER.name())
                        .requestMatchers(HttpMethod.HEAD, "/rest/v1/**")
                        .hasAuthority(Role.READER.name())
                        // A function that readers may execute gets a line here: all others write.
                        .anyRequest()
                        .hasAuthority(Role.SERVICE.name())));
    }

    private static void unauthenticated(
            HttpServletRequest request, HttpServletResponse response, AuthenticationException failure)
            throws IOException {
        if (failure instanceof IdentityProviderUnavailableException) {
            new PostgrestError(503, "PGRSTX01", IdentityProviderUnavailableException.DETAIL).write(response);
            return;
        }
        String credential = new ApiKeyBearerTokenResolver().resolve(request);
        response.setHeader(
                HttpHeaders.WWW_AUTHENTICATE, credential == null ? "Bearer" : "Bearer error=\"invalid_token\"");
        error(credential, failure).write(response);
    }

    private static PostgrestError error(@Nullable String credential, AuthenticationException failure) {
        if (credential == null) {
            String hint = "No `apikey` request header or url param was found.";
            return new PostgrestError(401, "PGRST302", "No API key found in request", null, hint);
        }
        if (!credential.matches(PARTS_OF_TOKEN)) {
            String hint = "Double check your Supabase `anon` or `service_role` API key.";
            return new PostgrestError(401, "PGRST301", "Invalid API key", null, hint);
        }
        return isExpired(failure)
                ? new PostgrestError(401, "PGRST303", "JWT expired")
                : new PostgrestError(401, "PGRST301", "JWT is malformed or was not signed by an issuer known here");
    }

    private static boolean isExpired(AuthenticationException failure) {
        return failure.getCause() instanceof JwtValidationException invalid
                && invalid.getErrors().stream()
                        .anyMatch(
                                error -> String.valueOf(error.getDescription()).startsWith("Jwt expired"));
    }

    /** A reader who writes, or a valid token of a role that has no business here. */
    private static void denied(HttpServletRequest request, HttpServletResponse response, AccessDeniedException denied)
            throws IOException {
        Authentication caller = SecurityContextHolder.getContext().getAuthentication();
        PostgrestError error = Role.READER.isHeldBy(caller)
                ? PostgrestError.permissionDenied(target(request.getRequestURI()), null)
                : PostgrestError.permissionDenied(
                        "schema public", "The claim 'role' of a token must be service_role, authenticated or anon");
        error.write(response);
    }

    /** As PostgreSQL names what was to be written or called; whether there is such a thing is not looked up. */
    private static String target(String path) {
        Matcher target = TARGET.matcher(path);
        return target.matches()
                ? (target.group(1) == null ? "table " : "function ") + target.group(2)
                : "schema public";
    }
}
