package com.vantage.syncstate.alert;

import com.vantage.syncstate.config.UnusableSettingException;
import java.time.Duration;
import org.springframework.boot.context.properties.ConfigurationProperties;

/**
 * When alerts are raised, where a resource has no threshold of its own; each is positive and at most 3650 days.
 *
 * @param stuckAfter how long a run may go without a sign of life, for example {@code PT30M}; then it can be taken over
 * @param staleAfter how old the last success may be, for example {@code PT24H}
 * @param slowAfter how long a run may take, for example {@code PT5M}
 */
@ConfigurationProperties("vantage.alerts")
record AlertProperties(Duration stuckAfter, Duration staleAfter, Duration slowAfter) {

    AlertProperties {
        check("stuck-after", stuckAfter, "PT30M");
        check("stale-after", staleAfter, "PT24H");
        check("slow-after", slowAfter, "PT5M");
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
