package com.vantage.syncstate.alert;

import com.vantage.syncstate.config.UnusableSettingException;
import java.time.Duration;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * When alerts are raised, where a resource has no threshold of its own; each is positive and at most 3650 days.
 *
 * @param stuckAfter how long a run may go without a sign of life, for example {@code PT30M}; then it can be taken over
 * @param staleAfter how old the last success may be, for example {@code PT24H}
 * @param slowAfter how long a run may take, for example {@code PT5M}
 * @param failAfter how many runs in a row must fail before an incident opens, from 1 to 100
 */
@ConfigurationProperties("vantage.alerts")
record AlertProperties(
        @DefaultValue(AlertProperties.STUCK_AFTER) Duration stuckAfter,
        @DefaultValue(AlertProperties.STALE_AFTER) Duration staleAfter,
        @DefaultValue(AlertProperties.SLOW_AFTER) Duration slowAfter,
        @DefaultValue(AlertProperties.FAIL_AFTER) int failAfter) {

    static final String STUCK_AFTER = "PT30M";
    static final String STALE_AFTER = "PT24H";
    static final String SLOW_AFTER = "PT5M";
    static final String FAIL_AFTER = "1";

    AlertProperties {
        check("stuck-after", stuckAfter, STUCK_AFTER);
        check("stale-after", staleAfter, STALE_AFTER);
        check("slow-after", slowAfter, SLOW_AFTER);
        if (failAfter < 1 || failAfter > Thresholds.MAX_RUNS) {
            throw new UnusableSettingException(
                    "vantage.alerts.fail-after is " + failAfter + "; it must be from 1 to " + Thresholds.MAX_RUNS,
                    "Set it to a number of runs such as " + FAIL_AFTER);
        }
    }

    private static void check(String name, Duration threshold, String example) {
        if (threshold.isNegative() || threshold.isZero() || threshold.compareTo(Thresholds.MAX) > 0) {
            throw new UnusableSettingException(
                    "vantage.alerts." + name + " is " + threshold + "; it must be positive and at most "
                            + Thresholds.MAX_DAYS + " days",
                    "Set it to a duration such as " + example);
        }
    }
}
