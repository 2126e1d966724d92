package com.vantage.syncstate.incident;

import com.vantage.syncstate.config.UnusableSettingException;
import java.time.Duration;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * How alerts become incidents.
 *
 * @param interval how often the alerts are evaluated, for example {@code PT5S}; from one second to 30
 */
@ConfigurationProperties("vantage.incidents")
record IncidentProperties(
        @DefaultValue(IncidentProperties.INTERVAL) Duration interval) {

    static final String INTERVAL = "PT5S";

    private static final Duration MIN = Duration.ofSeconds(1);

    /** Twice within the minute after which an evaluation counts as missed. */
    private static final Duration MAX = Duration.ofSeconds(30);

    IncidentProperties {
        if (interval.compareTo(MIN) < 0 || interval.compareTo(MAX) > 0) {
            throw new UnusableSettingException(
                    "vantage.incidents.interval is " + interval + "; it must be from " + MIN + " to " + MAX,
                    "Set it to a duration such as " + INTERVAL);
        }
    }
}
