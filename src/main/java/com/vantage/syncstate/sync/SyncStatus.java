package com.vantage.syncstate.sync;

import com.fasterxml.jackson.annotation.JsonValue;
import java.util.Locale;

/** What the latest run of a resource came to. */
public enum SyncStatus {
    NEVER_RUN,
    RUNNING,
    SUCCESS,
    FAILED;

    /** As in the database and in JSON, {@code never_run}. */
    @JsonValue
    public String value() {
        return name().toLowerCase(Locale.ROOT);
    }

    static SyncStatus of(String value) {
        return valueOf(value.toUpperCase(Locale.ROOT));
    }
}
