package com.vantage.syncstate.notify;

import java.time.Duration;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * What became of a message that was sent.
 *
 * @param status null where there was no answer
 * @param error a sentence that names no address; null where it was taken
 * @param retryAfter null where the receiver did not ask for it
 */
record Delivery(
        Outcome outcome,
        @Nullable Integer status,
        @Nullable String error,
        @Nullable Duration retryAfter) {

    /** As the database names it. */
    enum Outcome {
        SENT,
        RETRY,
        DEAD,
        GONE;

        String value() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    static Delivery failed(String error) {
        return new Delivery(Outcome.RETRY, null, error, null);
    }
}
