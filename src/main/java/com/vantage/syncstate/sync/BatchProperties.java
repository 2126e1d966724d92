package com.vantage.syncstate.sync;

import com.vantage.syncstate.config.UnusableSettingException;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * How lifecycle calls go together.
 *
 * @param maxCalls in one transaction, from 1 to 64; 1 for each call in its own
 * @param above so many calls at work at once go alone, and only above that together; 0 for together always
 */
@ConfigurationProperties("vantage.batch")
record BatchProperties(
        @DefaultValue("32") int maxCalls, @DefaultValue("4") int above) {

    /** Subtransactions of a session that other sessions can see at a glance; with more, all of them get slower. */
    private static final int MAX_CALLS = 64;

    private static final int MAX_ABOVE = 1_000;

    BatchProperties {
        check("max-calls", maxCalls, 1, MAX_CALLS, "32");
        check("above", above, 0, MAX_ABOVE, "4");
    }

    private static void check(String name, int value, int min, int max, String example) {
        if (value < min || value > max) {
            throw new UnusableSettingException(
                    "vantage.batch." + name + " is " + value + "; it must be from " + min + " to " + max,
                    "Set it to a number of calls such as " + example);
        }
    }
}
