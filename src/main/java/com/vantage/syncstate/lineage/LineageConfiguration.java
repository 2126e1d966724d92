package com.vantage.syncstate.lineage;

import com.vantage.syncstate.http.StreamedBodies;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** How events arrive: facets make some of them large, of which nothing is kept. */
@Configuration(proxyBeanMethods = false)
class LineageConfiguration {

    @Bean
    StreamedBodies events() {
        return new StreamedBodies(LineageController.PATH);
    }
}
