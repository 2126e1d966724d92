package com.vantage.syncstate.security;

import com.vantage.syncstate.error.ProblemType;
import com.vantage.syncstate.http.ProblemWriter;
import jakarta.servlet.DispatcherType;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.annotation.Order;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpMethod;
import org.springframework.security.config.annotation.web.builders.HttpSecurity;
import org.springframework.security.config.annotation.web.configurers.HeadersConfigurer;
import org.springframework.security.config.observation.SecurityObservationSettings;
import org.springframework.security.core.AuthenticationException;
import org.springframework.security.oauth2.server.resource.InvalidBearerTokenException;
import org.springframework.security.web.SecurityFilterChain;
import org.springframework.security.web.firewall.RequestRejectedHandler;
import org.springframework.security.web.header.writers.ContentSecurityPolicyHeaderWriter;
import org.springframework.security.web.header.writers.DelegatingRequestMatcherHeaderWriter;
import org.springframework.security.web.util.matcher.AndRequestMatcher;
import org.springframework.security.web.util.matcher.NegatedRequestMatcher;
import org.springframework.security.web.util.matcher.OrRequestMatcher;

/** Who may call what. */
@Configuration(proxyBeanMethods = false)
class SecurityConfiguration {

    private static final String READER = Role.READER.name();
    private static final String SERVICE = Role.SERVICE.name();

    /** The page, whose data needs a key, and what problems mean. */
    private static final String[] PAGE = {"/", "/index.html", "/dashboard/**", "/webjars/chart.js/**", "/problems/**"};

    /** For probes and tools, and the public badges: the code in the address of each is its key. */
    private static final String[] DOCUMENTS = {
        "/actuator/health/**",
        "/v3/api-docs/**",
        "/v3/api-docs.yaml",
        "/swagger-ui",
        "/swagger-ui/**",
        "/badges/**",
        "/run.sh"
    };

    /** Whatever a job reports can neither run nor load anything there, even if it were taken for markup. */
    private static final String PAGE_POLICY = "default-src 'none'; script-src 'self'; style-src 'self';"
            + " connect-src 'self'; img-src 'self' data:; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

    /** The page of the OpenAPI document is its library's, which writes styles into it. */
    private static final String TOOL_POLICY =
            "default-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:;"
                    + " object-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

    /** Open to anyone, so no key is looked at: one that a gateway adds may be meant for another service. */
    @Bean
    @Order(1)
    SecurityFilterChain openRequests(HttpSecurity http) {
        return StatelessFilterChain.build(StatelessFilterChain.configure(http)
                .securityMatcher(new AndRequestMatcher(
                        new OrRequestMatcher(new ReadMatcher(DOCUMENTS), new ReadMatcher(PAGE)),
                        // It lists the addresses of the badges.
                        new NegatedRequestMatcher(new ReadMatcher("/badges"))))
                .headers(SecurityConfiguration::policies)
                .authorizeHttpRequests(rules -> rules.anyRequest().permitAll()));
    }

    @Bean
    SecurityFilterChain requests(HttpSecurity http, CallerAuthenticationManager authentication, RateLimit limit) {
        return StatelessFilterChain.build(StatelessFilterChain.configure(
                        http,
                        authentication,
                        limit,
                        SecurityConfiguration::unauthenticated,
                        (request, response, denied) -> forbidden(request, response))
                .authorizeHttpRequests(rules -> rules
                        // Answers to a request that was authorized, or rejected, already.
                        .dispatcherTypeMatchers(DispatcherType.ERROR, DispatcherType.ASYNC)
                        .permitAll()
                        // They list addresses that need no key: the code in each is its key.
                        .requestMatchers("/badges", "/pings")
                        .hasAuthority(SERVICE)
                        .requestMatchers(ReadMatcher::isRead)
                        .hasAuthority(READER)
                        .requestMatchers(HttpMethod.OPTIONS, "/**")
                        .hasAuthority(READER)
                        .anyRequest()
                        .hasAuthority(SERVICE)));
    }

    /** The first that matches is sent. */
    private static void policies(HeadersConfigurer<HttpSecurity> headers) {
        headers.addHeaderWriter(new DelegatingRequestMatcherHeaderWriter(
                        new ReadMatcher(PAGE), new ContentSecurityPolicyHeaderWriter(PAGE_POLICY)))
                .addHeaderWriter(new DelegatingRequestMatcherHeaderWriter(
                        new ReadMatcher("/swagger-ui/**"), new ContentSecurityPolicyHeaderWriter(TOOL_POLICY)))
                .addHeaderWriter(new ContentSecurityPolicyHeaderWriter(StatelessFilterChain.DATA_POLICY));
    }

    /** Timing each filter of the chain would cost more than all of them, and half as much as a read. */
    @Bean
    static SecurityObservationSettings timeNoFilters() {
        return SecurityObservationSettings.noObservations();
    }

    /** Says what the firewall has against a request. */
    @Bean
    RequestRejectedHandler rejectedRequests() {
        return (request, response, rejected) -> {
            if (rejected instanceof RequestFirewall.Rejection explained) {
                ProblemWriter.write(request, response, explained.type(), String.valueOf(explained.getMessage()));
            } else {
                ProblemWriter.write(
                        request,
                        response,
                        ProblemType.INVALID_REQUEST,
                        "The address contains a character that is not allowed. See /v3/api-docs for available endpoints;"
                                + " a resource name needs no encoding.");
            }
        };
    }

    private static void unauthenticated(
            HttpServletRequest request, HttpServletResponse response, AuthenticationException failure)
            throws IOException {
        if (failure instanceof IdentityProviderUnavailableException) {
            ProblemWriter.write(
                    request,
                    response,
                    ProblemType.IDENTITY_PROVIDER_UNAVAILABLE,
                    IdentityProviderUnavailableException.DETAIL);
            return;
        }
        response.setHeader(HttpHeaders.WWW_AUTHENTICATE, "Bearer");
        ProblemWriter.write(
                request,
                response,
                ProblemType.UNAUTHENTICATED,
                failure instanceof InvalidBearerTokenException
                        ? "The key or token is not valid: it is unknown, has expired, or was signed by another issuer."
                                + " Check it against vantage.keys or vantage.jwt of the service."
                        : "Send a key as 'Authorization: Bearer <key>' or as 'apikey: <key>'.");
    }

    private static void forbidden(HttpServletRequest request, HttpServletResponse response) throws IOException {
        ProblemWriter.write(
                request,
                response,
                ProblemType.FORBIDDEN,
                "This requires a service key, or a token whose claim 'role' is 'service_role'; for reading,"
                        + " 'authenticated' or 'anon' is enough.");
    }
}
