package com.vantage.syncstate.sync;

import com.vantage.syncstate.database.SessionSetting;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** Lets the database functions know from when on a run without a sign of life is stuck. */
@Configuration(proxyBeanMethods = false)
class AlertConfiguration {

    @Bean
    SessionSetting stuckAfter(AlertProperties properties) {
        return properties.setting();
    }
}
