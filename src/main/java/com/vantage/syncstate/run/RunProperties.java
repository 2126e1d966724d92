package com.vantage.syncstate.run;

import com.vantage.syncstate.config.UnusableSettingException;
import java.time.Duration;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * The history of runs.
 *
 * @param retention for how long a run is kept after its end, for example {@code P90D}; the latest of a resource stays.
 *     Closed incidents are kept as long
 */
@ConfigurationProperties("vantage.runs")
public record RunProperties(
        @DefaultValue(RunProperties.RETENTION) Duration retention) {

    static final String RETENTION = "P90D";

    public RunProperties {
        if (retention.isNegative() || retention.isZero()) {
            throw new UnusableSettingException(
                    "vantage.runs.retention is " + retention + "; it must be positive",
                    "Set it to a duration such as " + RETENTION);
        }
    }
}
