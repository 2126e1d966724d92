package com.vantage.syncstate.alert;

import com.fasterxml.jackson.annotation.JsonValue;
import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;

/** What can be out of order with a resource, worst first. */
public enum AlertKind {
    FAILED,
    STUCK,
    STALE,
    SLOW;

    private final String value = name().toLowerCase(Locale.ROOT);

    /** As it stands in the database and in JSON, {@code stuck}. */
    @JsonValue
    public String value() {
        return value;
    }

    public static Optional<AlertKind> of(String value) {
        return Arrays.stream(values()).filter(kind -> kind.value.equals(value)).findFirst();
    }
}
