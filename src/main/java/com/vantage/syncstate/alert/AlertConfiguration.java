package com.vantage.syncstate.alert;

import com.vantage.syncstate.database.SessionSetting;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** Lets the database know the thresholds of resources that have none of their own. */
@Configuration(proxyBeanMethods = false)
class AlertConfiguration {

    @Bean
    SessionSetting stuckAfter(AlertProperties properties) {
        return AlertProperties.setting("vantage.stuck_after", properties.stuckAfter());
    }

    @Bean
    SessionSetting staleAfter(AlertProperties properties) {
        return AlertProperties.setting("vantage.stale_after", properties.staleAfter());
    }

    @Bean
    SessionSetting slowAfter(AlertProperties properties) {
        return AlertProperties.setting("vantage.slow_after", properties.slowAfter());
    }
}
