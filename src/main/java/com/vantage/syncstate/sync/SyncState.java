package com.vantage.syncstate.sync;

import com.fasterxml.jackson.annotation.JsonRawValue;
import java.time.Instant;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * One resource and how its syncs fare; the components are the columns of {@code vantage_sync_state}, in their order.
 *
 * @param lastSyncTime when the last successful sync completed
 * @param recordsSynced of the last successful sync, as the two counts after it
 * @param errors of the last failed run, as the JSON array that PostgreSQL stores
 * @param startedAt of the latest run, as the two components after it
 * @param durationMs milliseconds; null while the sync runs
 * @param updatedAt later at every change of the row
 * @param runId of the latest run
 * @param watermark what to pass to the source as "modified since" next time; null for a full sync
 * @param progress of the running run, as the JSON {@code {"records", "total", "at"}} that PostgreSQL stores
 */
record SyncState(
        String resource,
        @Nullable Instant lastSyncTime,
        SyncStatus lastSyncStatus,
        int recordsSynced,
        int recordsCreated,
        int recordsUpdated,
        @JsonRawValue String errors,
        @Nullable Instant startedAt,
        @Nullable Instant completedAt,
        @Nullable Integer durationMs,
        Instant createdAt,
        Instant updatedAt,
        @Nullable UUID runId,
        @Nullable Instant watermark,
        @JsonRawValue @Nullable String progress) {}
