package com.vantage.syncstate.sync;

import java.util.Locale;

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
}
