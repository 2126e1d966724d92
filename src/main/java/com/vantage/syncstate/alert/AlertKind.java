package com.vantage.syncstate.alert;

import com.fasterxml.jackson.annotation.JsonValue;
import java.util.Locale;

/** What can be wrong with a resource, in the order in which {@code vantage_sync_alert} ranks it: worst first. */
public enum AlertKind {
    FAILED,
    STUCK,
    STALE,
    SLOW;

    /** As in the database and in JSON, {@code stuck}. */
    @JsonValue
    public String value() {
        return name().toLowerCase(Locale.ROOT);
    }

    public static AlertKind of(String value) {
        return valueOf(value.toUpperCase(Locale.ROOT));
    }
}
