package com.vantage.syncstate.sync;

import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Collectors;

/** What a list can be sorted by: a column, each way. */
enum SortKey {
    RESOURCE,
    LAST_SYNC_TIME,
    RECORDS_SYNCED,
    RECORDS_CREATED,
    RECORDS_UPDATED,
    STARTED_AT,
    COMPLETED_AT,
    DURATION_MS,
    CREATED_AT,
    UPDATED_AT,
    WATERMARK;

    private final String column = name().toLowerCase(Locale.ROOT);

    /** Names are ordered alike on every database: an adopted original table may have another collation. */
    String orderBy(boolean descending) {
        return (this == RESOURCE ? "s.resource collate \"C\"" : column) + (descending ? " desc" : " asc")
                + " nulls last, s.resource collate \"C\"";
    }

    static Optional<SortKey> of(String column) {
        return Arrays.stream(values()).filter(key -> key.column.equals(column)).findFirst();
    }

    static String names() {
        return Arrays.stream(values()).map(key -> key.column).collect(Collectors.joining(", "));
    }
}
