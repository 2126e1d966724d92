package com.vantage.syncstate.security;

import jakarta.servlet.Filter;
import java.util.Set;
import org.springframework.security.config.Customizer;
import org.springframework.security.config.annotation.web.builders.HttpSecurity;
import org.springframework.security.config.annotation.web.configurers.AbstractHttpConfigurer;
import org.springframework.security.config.http.SessionCreationPolicy;
import org.springframework.security.oauth2.server.resource.web.OAuth2ProtectedResourceMetadataFilter;
import org.springframework.security.oauth2.server.resource.web.authentication.BearerTokenAuthenticationFilter;
import org.springframework.security.web.AuthenticationEntryPoint;
import org.springframework.security.web.DefaultSecurityFilterChain;
import org.springframework.security.web.SecurityFilterChain;
import org.springframework.security.web.access.AccessDeniedHandler;
import org.springframework.security.web.authentication.AnonymousAuthenticationFilter;
import org.springframework.security.web.context.request.async.WebAsyncManagerIntegrationFilter;
import org.springframework.security.web.header.writers.ReferrerPolicyHeaderWriter.ReferrerPolicy;
import org.springframework.security.web.session.DisableEncodeUrlFilter;
import org.springframework.security.web.session.SessionManagementFilter;

/** What every filter chain has: no session, no form, and callers known by the key or token of each request. */
public final class StatelessFilterChain {

    /** Of an answer that is data: whatever it holds can neither run, nor load anything, nor be framed. */
    static final String DATA_POLICY = "default-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

    /**
     * What the framework adds to a chain and nothing here needs: it describes the chain to anybody; it keeps sessions out of
     * addresses, and looks for one; it hands the caller on to threads of its own; it gives those without a key a name, where
     * they are refused all the same. Each would cost every request a wrapper, or a few attributes of it.
     */
    private static final Set<Class<? extends Filter>> UNNEEDED = Set.of(
            OAuth2ProtectedResourceMetadataFilter.class,
            DisableEncodeUrlFilter.class,
            SessionManagementFilter.class,
            WebAsyncManagerIntegrationFilter.class,
            AnonymousAuthenticationFilter.class);

    private StatelessFilterChain() {}

    /**
     * Sets a chain up, all but its rules.
     *
     * @param unauthenticated answers a caller without a valid key or token
     * @param forbidden answers a caller whose role does not permit the request
     */
    public static HttpSecurity configure(
            HttpSecurity http,
            CallerAuthenticationManager authentication,
            RateLimit limit,
            AuthenticationEntryPoint unauthenticated,
            AccessDeniedHandler forbidden) {
        if (limit.isOn()) {
            http.addFilterAfter(new RateLimitFilter(limit), BearerTokenAuthenticationFilter.class);
        }
        return configure(http)
                .headers(headers -> headers.contentSecurityPolicy(policy -> policy.policyDirectives(DATA_POLICY)))
                .oauth2ResourceServer(server -> server.bearerTokenResolver(new ApiKeyBearerTokenResolver())
                        .authenticationManagerResolver(request -> authentication)
                        .authenticationEntryPoint(unauthenticated)
                        .accessDeniedHandler(forbidden))
                .exceptionHandling(errors ->
                        errors.authenticationEntryPoint(unauthenticated).accessDeniedHandler(forbidden));
    }

    /** Sets up a chain that looks at no key. */
    public static HttpSecurity configure(HttpSecurity http) {
        return http.cors(Customizer.withDefaults())
                .csrf(AbstractHttpConfigurer::disable)
                .logout(AbstractHttpConfigurer::disable)
                .requestCache(AbstractHttpConfigurer::disable)
                .headers(headers -> headers.referrerPolicy(referrer -> referrer.policy(ReferrerPolicy.NO_REFERRER)))
                .sessionManagement(session -> session.sessionCreationPolicy(SessionCreationPolicy.STATELESS));
    }

    /** Builds a chain of the filters that it needs. */
    public static SecurityFilterChain build(HttpSecurity http) {
        DefaultSecurityFilterChain chain = http.build();
        return new DefaultSecurityFilterChain(
                chain.getRequestMatcher(),
                chain.getFilters().stream()
                        .filter(filter -> !UNNEEDED.contains(filter.getClass()))
                        .toList());
    }
}
