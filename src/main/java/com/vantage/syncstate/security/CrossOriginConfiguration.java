package com.vantage.syncstate.security;

import java.time.Duration;
import java.util.List;
import org.springframework.boot.web.servlet.FilterRegistrationBean;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.web.cors.CorsConfiguration;
import org.springframework.web.cors.CorsConfigurationSource;
import org.springframework.web.cors.UrlBasedCorsConfigurationSource;
import org.springframework.web.filter.CorsFilter;

/**
 * Allows calls by scripts of other pages. Any origin may call, unless configured otherwise: a key is sent by the script that holds it and
 * never by the browser on its own, so a page can do no more here than the key that it was given.
 */
@Configuration(proxyBeanMethods = false)
class CrossOriginConfiguration {

    /** By this name the filter chains find it. */
    @Bean
    CorsFilter corsFilter(CorsProperties properties) {
        var filter = new CorsFilter(rules(properties));
        filter.setCorsProcessor(new ProblemCorsProcessor());
        return filter;
    }

    /** It belongs to the filter chains alone. */
    @Bean
    FilterRegistrationBean<CorsFilter> noCorsFilterOutsideTheChains(CorsFilter filter) {
        var registration = new FilterRegistrationBean<>(filter);
        registration.setEnabled(false);
        return registration;
    }

    private static CorsConfigurationSource rules(CorsProperties properties) {
        var rules = new CorsConfiguration();
        rules.setAllowedOrigins(properties.allowedOrigins());
        rules.setAllowedMethods(List.of("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"));
        rules.setAllowedHeaders(List.of("*"));
        rules.setExposedHeaders(List.of(
                "Content-Range",
                "Content-Location",
                "ETag",
                "Location",
                "Preference-Applied",
                "Proxy-Status",
                "Retry-After"));
        rules.setAllowCredentials(false);
        rules.setMaxAge(Duration.ofHours(1));
        var everywhere = new UrlBasedCorsConfigurationSource();
        everywhere.registerCorsConfiguration("/**", rules);
        return everywhere;
    }
}
