package com.vantage.syncstate.run;

import io.swagger.v3.oas.annotations.media.Schema;
import java.time.Instant;

/**
 * A due time that no run has met; the components are the columns of {@code missed_vantage_syncs}, in their order.
 *
 * @param local the same as {@code dueAt}, by the clocks of the schedule's time zone
 */
record MissedRun(
        @Schema(example = "accounts") String resource,

        @Schema(example = "2026-11-27T04:00:00Z", description = "When it was to start")
        Instant dueAt,

        @Schema(
                format = "date-time",
                example = "2026-11-27T05:00:00+01:00",
                description = "The same by the clocks of the schedule's time zone")
        String local,

        @Schema(example = "2026-11-27T05:00:00Z", description = "When it was to be done")
        Instant deadline) {}
