package com.vantage.syncstate.security;

import com.vantage.syncstate.config.UnusableSettingException;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * How many requests a caller may make.
 *
 * @param requests within a period, by one key or one subject of tokens; null for any number
 * @param period in which as many are granted anew, for example {@code 1m}
 */
@ConfigurationProperties("vantage.rate-limit")
record RateLimitProperties(
        @Nullable Integer requests, @DefaultValue("1m") Duration period) {

    private static final Duration LONGEST = Duration.ofDays(1);

    RateLimitProperties {
        if (requests != null && requests < 1) {
            throw new UnusableSettingException(
                    "vantage.rate-limit.requests is " + requests + "; it must be positive",
                    "Set it to a number such as 600, or leave it out for no limit");
        }
        if (period.compareTo(Duration.ofSeconds(1)) < 0 || period.compareTo(LONGEST) > 0) {
            throw new UnusableSettingException(
                    "vantage.rate-limit.period is " + period + "; it must be between a second and a day",
                    "Set it to a duration such as 1m");
        }
    }
}
