package com.vantage.syncstate.ping;

import com.vantage.syncstate.http.StreamedBodies;
import com.vantage.syncstate.security.StatelessFilterChain;
import org.springframework.boot.web.servlet.FilterRegistrationBean;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.annotation.Order;
import org.springframework.security.config.annotation.web.builders.HttpSecurity;
import org.springframework.security.web.SecurityFilterChain;
import org.springframework.web.filter.UrlHandlerFilter;

/** Lets every ping through to its controller, which looks at the key in the address: no other key opens or closes it. */
@Configuration(proxyBeanMethods = false)
class PingSecurityConfiguration {

    @Bean
    @Order(1)
    SecurityFilterChain pings(HttpSecurity http) {
        return StatelessFilterChain.build(StatelessFilterChain.configure(http)
                .securityMatcher("/ping/**")
                .authorizeHttpRequests(rules -> rules.anyRequest().permitAll()));
    }

    /** Of any size: a job that fails must not lose its report. */
    @Bean
    StreamedBodies outputs() {
        return new StreamedBodies("/ping/");
    }

    /** As the protocol has it. */
    @Bean
    FilterRegistrationBean<UrlHandlerFilter> slashesAtTheEndOfPings() {
        var filter = new FilterRegistrationBean<>(
                UrlHandlerFilter.trailingSlashHandler("/ping/**").wrapRequest().build());
        // No other request comes by.
        filter.addUrlPatterns("/ping/*");
        return filter;
    }
}
