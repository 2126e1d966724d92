package com.vantage.syncstate.run;

import com.fasterxml.jackson.annotation.JsonRawValue;
import java.time.Instant;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * One attempt to sync a resource; the components are the columns of {@code vantage_sync_run}, in their order.
 *
 * @param durationMs milliseconds; null while it runs
 * @param errors why it failed, as the JSON array that PostgreSQL stores
 * @param watermark where the next run could go on from; null unless it succeeded
 * @param progress its last {@code {"records", "total", "at"}}, as JSON; null where it never told any
 * @param supersededBy the run that took over
 */
record Run(
        UUID runId,
        String resource,
        RunStatus status,
        Instant startedAt,
        @Nullable Instant completedAt,
        @Nullable Integer durationMs,
        int recordsSynced,
        int recordsCreated,
        int recordsUpdated,
        @JsonRawValue String errors,
        @Nullable Instant watermark,
        @JsonRawValue @Nullable String progress,
        @Nullable UUID supersededBy) {}
