package com.vantage.syncstate.alert;

import io.swagger.v3.oas.annotations.media.Schema;
import java.time.Instant;

/**
 * A time at which a resource is due. It describes what is in {@code next_due}, which is passed through as JSON.
 *
 * @param local the same by the clocks of the schedule's time zone
 * @param deadline when it is to be done: the due time and the grace
 */
public record DueTime(
        @Schema(example = "2026-11-30T04:00:00Z") Instant dueAt,

        @Schema(format = "date-time", example = "2026-11-30T05:00:00+01:00")
        String local,

        @Schema(example = "2026-11-30T05:00:00Z") Instant deadline) {}
