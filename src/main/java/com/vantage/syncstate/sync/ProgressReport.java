package com.vantage.syncstate.sync;

import io.swagger.v3.oas.annotations.media.Schema;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * How far a run is. It describes what is in {@code progress}, which is passed through as JSON.
 *
 * @param at when it was last reported
 */
public record ProgressReport(
        @Schema(
                types = {"integer", "null"},
                minimum = "0",
                example = "1200")
        @Nullable
        Integer records,

        @Schema(
                types = {"integer", "null"},
                minimum = "0",
                example = "5000")
        @Nullable
        Integer total,

        Instant at) {}
