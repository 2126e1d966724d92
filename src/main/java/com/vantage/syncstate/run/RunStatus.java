package com.vantage.syncstate.run;

import com.fasterxml.jackson.annotation.JsonValue;
import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;

/** What a run came to; abandoned is one that another took over. */
enum RunStatus {
    RUNNING,
    SUCCESS,
    FAILED,
    ABANDONED;

    private final String value = name().toLowerCase(Locale.ROOT);

    /** As it stands in the database and in JSON, {@code abandoned}. */
    @JsonValue
    String value() {
        return value;
    }

    static Optional<RunStatus> of(String value) {
        return Arrays.stream(values())
                .filter(status -> status.value.equals(value))
                .findFirst();
    }
}
