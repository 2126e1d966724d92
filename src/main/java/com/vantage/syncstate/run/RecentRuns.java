package com.vantage.syncstate.run;

import com.fasterxml.jackson.annotation.JsonRawValue;
import io.swagger.v3.oas.annotations.media.Schema;
import java.math.BigDecimal;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * How the last runs of a resource ended; the components are the columns of {@code vantage_sync_recent}, in their order. The
 * lists have an item each for the same run, oldest first, and are JSON as PostgreSQL writes it.
 */
record RecentRuns(
        String resource,

        @JsonRawValue
        @Schema(
                implementation = RunStatus[].class,
                description = "How the last 30 runs that have ended did so, oldest first")
        String statuses,

        @JsonRawValue @Schema(implementation = Instant[].class, description = "When each of them started")
        String startedAt,

        @JsonRawValue
        @Schema(implementation = Integer[].class, description = "How long each of them took, in milliseconds")
        String durationsMs,

        @Schema(
                types = {"number", "null"},
                minimum = "0",
                maximum = "1",
                example = "0.5",
                description = "The part of them that succeeded; null where there is none")
        @Nullable
        BigDecimal successRate,

        @Schema(
                types = {"integer", "null"},
                example = "5120",
                description = "The median of those that succeeded; null where none has")
        @Nullable
        Integer usualDurationMs,

        @Schema(example = "1", description = "How many of them have failed since the last success")
        int consecutiveFailures,

        @Schema(
                types = {"string", "null"},
                format = "date-time",
                description = "When the first of those in a row had failed; null where the last did not fail")
        @Nullable
        Instant failingSince) {}
