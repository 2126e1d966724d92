package com.vantage.syncstate.run;

import com.fasterxml.jackson.annotation.JsonRawValue;
import io.swagger.v3.oas.annotations.media.ArraySchema;
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
        @ArraySchema(
                arraySchema =
                        @Schema(
                                description = "How the last 30 runs that have ended did so, oldest first",
                                example = "[\"success\", \"failed\"]"),
                schema =
                        @Schema(
                                implementation = String.class,
                                allowableValues = {"success", "failed", "abandoned"}),
                maxItems = 30)
        String statuses,

        @JsonRawValue
        @ArraySchema(
                arraySchema =
                        @Schema(
                                description = "When each of them started",
                                example = "[\"2026-11-21T05:30:00.123456Z\", \"2026-11-22T05:30:00.123456Z\"]"),
                schema = @Schema(implementation = Instant.class),
                maxItems = 30)
        String startedAt,

        @JsonRawValue
        @ArraySchema(
                arraySchema =
                        @Schema(description = "How long each of them took, in milliseconds", example = "[5120, 30010]"),
                schema = @Schema(implementation = Integer.class, minimum = "0", maximum = "2147483647"),
                maxItems = 30)
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
