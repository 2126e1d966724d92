package com.vantage.syncstate.ping;

import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.annotation.Order;
import org.springframework.security.config.annotation.web.builders.HttpSecurity;
import org.springframework.security.config.annotation.web.configurers.AbstractHttpConfigurer;
import org.springframework.security.config.http.SessionCreationPolicy;
import org.springframework.security.web.SecurityFilterChain;
import org.springframework.web.filter.UrlHandlerFilter;

/** Lets every ping through to its controller, which looks at the key in the address: no other key opens or closes it. */
@Configuration(proxyBeanMethods = false)
class PingSecurityConfiguration {

    @Bean
    @Order(1)
    SecurityFilterChain pings(HttpSecurity http) {
        return http.securityMatcher("/ping/**")
                .csrf(AbstractHttpConfigurer::disable)
                .logout(AbstractHttpConfigurer::disable)
                .requestCache(AbstractHttpConfigurer::disable)
                .anonymous(AbstractHttpConfigurer::disable)
                .sessionManagement(session -> session.sessionCreationPolicy(SessionCreationPolicy.STATELESS))
                .authorizeHttpRequests(rules -> rules.anyRequest().permitAll())
                .build();
    }

    /** As the protocol has it. */
    @Bean
    UrlHandlerFilter slashesAtTheEndOfPings() {
        return UrlHandlerFilter.trailingSlashHandler("/ping/**").wrapRequest().build();
    }
}
