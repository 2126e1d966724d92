package com.vantage.syncstate.run;

import com.fasterxml.jackson.annotation.JsonValue;
import java.util.Locale;

/** What a run came to; abandoned is one that another took over. */
enum RunStatus {
    RUNNING,
    SUCCESS,
    FAILED,
    ABANDONED;

    /** As in the database and in JSON, {@code abandoned}. */
    @JsonValue
    String value() {
        return name().toLowerCase(Locale.ROOT);
    }

    static RunStatus of(String value) {
        return valueOf(value.toUpperCase(Locale.ROOT));
    }
}
