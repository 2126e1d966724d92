package com.vantage.syncstate.http;

import com.vantage.syncstate.config.UnusableSettingException;
import java.time.Duration;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.util.unit.DataSize;

/**
 * Limits of a request, and the end of them all.
 *
 * @param maxBodySize largest body that is read, for example {@code 1MB}
 * @param bodyTimeout for how long a body may take to arrive, for example {@code 20s}
 * @param shutdownDelay for how long requests are still answered once readiness is down, for example {@code 5s}
 */
@ConfigurationProperties("vantage.http")
record HttpProperties(
        @DefaultValue("1MB") DataSize maxBodySize,
        @DefaultValue("20s") Duration bodyTimeout,
        @DefaultValue("5s") Duration shutdownDelay) {

    HttpProperties {
        if (maxBodySize.toBytes() <= 0) {
            throw new UnusableSettingException(
                    "vantage.http.max-body-size is " + maxBodySize + "; it must be positive",
                    "Set it to a size such as 1MB");
        }
        if (bodyTimeout.isNegative() || bodyTimeout.isZero()) {
            throw new UnusableSettingException(
                    "vantage.http.body-timeout must be positive", "Set it to a duration such as 20s");
        }
        if (shutdownDelay.isNegative()) {
            throw new UnusableSettingException(
                    "vantage.http.shutdown-delay is negative", "Set it to a duration such as 5s, or to 0s for none");
        }
    }
}
