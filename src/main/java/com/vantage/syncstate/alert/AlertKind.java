package com.vantage.syncstate.alert;

import com.fasterxml.jackson.annotation.JsonValue;
import com.google.errorprone.annotations.CompileTimeConstant;
import java.util.Arrays;
import java.util.Locale;
import java.util.stream.Collectors;

/** What can be wrong with a resource, worst first. */
public enum AlertKind {
    FAILED,
    STUCK,
    STALE,
    SLOW;

    private final String value = name().toLowerCase(Locale.ROOT);

    /** As in the database and in JSON, {@code stuck}. */
    @JsonValue
    public String value() {
        return value;
    }

    public static AlertKind of(String value) {
        return valueOf(value.toUpperCase(Locale.ROOT));
    }

    /**
     * SQL that orders alerts worst first.
     *
     * @param column the column that holds the kind
     */
    public static String worstFirst(@CompileTimeConstant String column) {
        return Arrays.stream(values())
                .map(kind -> "'" + kind.value + "'")
                .collect(Collectors.joining(", ", "array_position(array[", "], " + column + ")"));
    }
}
