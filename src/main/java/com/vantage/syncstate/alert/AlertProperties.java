package com.vantage.syncstate.sync;

import com.vantage.syncstate.database.SessionSetting;
import com.vantage.syncstate.settings.UnusableSettingException;
import java.time.Duration;
import org.springframework.boot.context.properties.ConfigurationProperties;

/**
 * What counts as out of order.
 *
 * @param stuckAfter how long a run may go without a sign of life, for example {@code PT30M}; then it can be taken over
 */
@ConfigurationProperties("vantage.alerts")
record AlertProperties(Duration stuckAfter) {

    AlertProperties {
        if (stuckAfter.isNegative() || stuckAfter.isZero()) {
            throw new UnusableSettingException(
                    "vantage.alerts.stuck-after is " + stuckAfter + ", and every run would be stuck at once",
                    "Set it to a duration such as PT30M");
        }
    }

    /** For the database functions, which decide. */
    SessionSetting setting() {
        return new SessionSetting("vantage.stuck_after", stuckAfter.toString());
    }
}
