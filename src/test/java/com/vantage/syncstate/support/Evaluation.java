package com.vantage.syncstate.support;

import static org.awaitility.Awaitility.await;

import com.vantage.syncstate.support.TestDatabase.Address;

/** Evaluates the alerts at the moment that a test needs it; the services of the tests do it every few seconds as well. */
public final class Evaluation {

    private Evaluation() {}

    /** Until nothing is left to find, whoever else is at it. */
    public static void of(Address database) {
        await().until(() -> "0".equals(database.query("select public.evaluate_vantage_alerts()")));
    }

    /** Of whether channels deliver, likewise: the function does nothing while a service is at it. */
    public static void ofChannels(Address database) {
        await().until(() -> database.query("select public.watch_vantage_channels()") != null);
    }
}
