package com.vantage.syncstate.alert;

import io.swagger.v3.oas.annotations.media.Schema;
import org.jspecify.annotations.Nullable;

/**
 * When a success is expected: by a calendar, or at an interval after the start of the last one. It describes what is in
 * {@code expect}, which the database checks and which is passed through as JSON.
 *
 * @param cron minute, hour, day of the month, month, day of the week
 * @param timeZone whose clocks the cron follows
 * @param every how long after the start of the last success, instead of a cron
 * @param grace how long after a due time a run may be done
 */
public record Expectation(
        @Schema(example = "0 5 * * MON-FRI", maxLength = 200) @Nullable
        String cron,

        @Schema(
                example = "Europe/Paris",
                description = "A name of the IANA time zone database; UTC where it is left out")
        @Nullable
        String timeZone,

        @Schema(pattern = Thresholds.DURATION, description = "From PT1M to P3650D; instead of cron and time_zone")
        @Nullable
        String every,

        @Schema(
                example = "PT1H",
                pattern = Thresholds.DURATION,
                requiredMode = Schema.RequiredMode.REQUIRED,
                description = "At most the shortest time from one due time to the next")
        String grace) {}
