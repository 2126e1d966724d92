package com.vantage.syncstate.sync;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonRawValue;
import com.vantage.syncstate.alert.Alert;
import com.vantage.syncstate.alert.DueTime;
import com.vantage.syncstate.alert.Expectation;
import io.swagger.v3.oas.annotations.media.Schema;
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
 * @param alerts what is wrong at this moment, worst first, as the JSON array that PostgreSQL computes
 * @param expect when a success is expected, as the JSON that PostgreSQL stores; null for stale_after alone
 * @param nextDue when it is due next, three times at most, as the JSON array that PostgreSQL computes
 * @param errorsTotal how many errors there are, where this has not all of them
 * @param errorsTruncated true, where this has not all of them, or not all of one
 */
public record SyncState(
        @Schema(example = "accounts", pattern = "^" + ResourceName.PATTERN + "$")
        String resource,

        @Schema(
                types = {"string", "null"},
                format = "date-time")
        @Nullable
        Instant lastSyncTime,

        SyncStatus lastSyncStatus,
        int recordsSynced,
        int recordsCreated,
        int recordsUpdated,

        @JsonRawValue @Schema(implementation = ErrorReport[].class)
        String errors,

        @Schema(
                types = {"string", "null"},
                format = "date-time")
        @Nullable
        Instant startedAt,

        @Schema(
                types = {"string", "null"},
                format = "date-time")
        @Nullable
        Instant completedAt,

        @Schema(
                types = {"integer", "null"},
                example = "5120")
        @Nullable
        Integer durationMs,

        Instant createdAt,
        Instant updatedAt,

        @Schema(
                types = {"string", "null"},
                format = "uuid")
        @Nullable
        UUID runId,

        @Schema(
                types = {"string", "null"},
                format = "date-time")
        @Nullable
        Instant watermark,

        @JsonRawValue @Schema(implementation = ProgressReport.class, nullable = true) @Nullable
        String progress,

        @JsonRawValue @Schema(implementation = Alert[].class)
        String alerts,

        @JsonRawValue @Schema(implementation = Expectation.class, nullable = true) @Nullable
        String expect,

        @JsonRawValue @Schema(implementation = DueTime[].class)
        String nextDue,

        @JsonInclude(JsonInclude.Include.NON_NULL)
        @Schema(description = "How many errors there are, where a list or stream has not all of them", example = "250")
        @Nullable
        Integer errorsTotal,

        @JsonInclude(JsonInclude.Include.NON_NULL)
        @Schema(description = "True where errors were left out or shortened; GET the state for all of them")
        @Nullable
        Boolean errorsTruncated) {

    /** What distinguishes this state from the earlier and later ones of its resource. */
    public StateVersion version() {
        return StateVersion.of(resource, updatedAt, alerts, nextDue);
    }
}
