package com.vantage.syncstate.run;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonRawValue;
import com.vantage.syncstate.sync.ErrorReport;
import com.vantage.syncstate.sync.ProgressReport;
import io.swagger.v3.oas.annotations.media.Schema;
import java.time.Instant;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * One attempt to sync a resource; the components are the columns of {@code vantage_sync_run}, in their order.
 *
 * @param durationMs milliseconds; null while it runs
 * @param errors why it failed, as the JSON array that PostgreSQL stores
 * @param watermark where the next run could go on from; null unless it succeeded
 * @param progress its last {@code {"records", "total", "at"}}, as JSON; null where it never reported any
 * @param supersededBy the run that took over
 * @param errorsTotal how many errors there are, where this has not all of them
 * @param errorsTruncated true, where this has not all of them, or not all of one
 */
record Run(
        UUID runId,
        String resource,
        RunStatus status,
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

        int recordsSynced,
        int recordsCreated,
        int recordsUpdated,

        @JsonRawValue @Schema(implementation = ErrorReport[].class)
        String errors,

        @Schema(
                types = {"string", "null"},
                format = "date-time")
        @Nullable
        Instant watermark,

        @JsonRawValue @Schema(implementation = ProgressReport.class, nullable = true) @Nullable
        String progress,

        @Schema(
                types = {"string", "null"},
                format = "uuid")
        @Nullable
        UUID supersededBy,

        @JsonInclude(JsonInclude.Include.NON_NULL)
        @Schema(description = "How many errors there are, where a page has not all of them", example = "250")
        @Nullable
        Integer errorsTotal,

        @JsonInclude(JsonInclude.Include.NON_NULL)
        @Schema(description = "True where errors were left out or shortened; GET the run for all of them")
        @Nullable
        Boolean errorsTruncated) {}
