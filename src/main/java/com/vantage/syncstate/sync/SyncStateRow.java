package com.vantage.syncstate.sync;

import com.vantage.syncstate.alert.EffectiveThresholds;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** A state as a row of {@code vantage_sync_state} with its alerts. */
final class SyncStateRow {

    /** All but the errors. */
    static final String SMALL_COLUMNS = """
            s.resource, last_sync_time, last_sync_status, records_synced, records_created, records_updated,
            started_at, completed_at, duration_ms, created_at, updated_at, run_id, watermark, progress, expect,
            """;

    /** Of a row that is called {@code s}; {@code alerts} and {@code next_due} follow. */
    static final String COLUMNS = SMALL_COLUMNS + "errors, ";

    /** As {@link #COLUMNS}, but with an {@link ErrorExcerpt}. */
    static final String LISTED_COLUMNS = SMALL_COLUMNS + ErrorExcerpt.COLUMNS_OF_STATES + ", ";

    private SyncStateRow() {}

    /** A row of {@link #COLUMNS}. */
    static SyncState state(ResultSet row, int number) throws SQLException {
        return state(row, new ErrorExcerpt(row.getString("errors"), null));
    }

    /** A row of {@link #LISTED_COLUMNS}. */
    static SyncState listed(ResultSet row, int number) throws SQLException {
        return state(row, ErrorExcerpt.of(row));
    }

    private static SyncState state(ResultSet row, ErrorExcerpt errors) throws SQLException {
        return new SyncState(
                row.getString("resource"),
                instant(row, "last_sync_time"),
                SyncStatus.of(row.getString("last_sync_status")),
                row.getInt("records_synced"),
                row.getInt("records_created"),
                row.getInt("records_updated"),
                errors.json(),
                instant(row, "started_at"),
                instant(row, "completed_at"),
                row.getObject("duration_ms", Integer.class),
                instantOf(row, "created_at"),
                instantOf(row, "updated_at"),
                row.getObject("run_id", UUID.class),
                instant(row, "watermark"),
                row.getString("progress"),
                row.getString("alerts"),
                row.getString("expect"),
                row.getString("next_due"),
                errors.total(),
                errors.truncated());
    }

    /** Of a row that has the columns of {@link EffectiveThresholds} as well. */
    static SyncStateDetails details(ResultSet row, int number) throws SQLException {
        return new SyncStateDetails(state(row, number), EffectiveThresholds.of(row));
    }

    static @Nullable Instant instant(ResultSet row, String column) throws SQLException {
        OffsetDateTime time = row.getObject(column, OffsetDateTime.class);
        return time == null ? null : time.toInstant();
    }

    static Instant instantOf(ResultSet row, String column) throws SQLException {
        return row.getObject(column, OffsetDateTime.class).toInstant();
    }
}
