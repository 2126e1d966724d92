package com.vantage.syncstate.sync;

import io.swagger.v3.oas.annotations.media.Schema;
import java.time.Instant;
import java.time.LocalDate;
import org.jspecify.annotations.Nullable;

/**
 * A day on which a resource is not due, whatever its calendar says.
 *
 * @param day as the time zone of the schedule has it
 */
record SkippedDay(
        @Schema(example = "2026-12-25") LocalDate day,

        @Schema(example = "Christmas: the source is closed") String reason,

        Instant createdAt) {

    /** Why a day is skipped. */
    @Schema(name = "SkippedDayRequest")
    record Request(
            @Schema(
                    example = "Christmas: the source is closed",
                    minLength = 1,
                    maxLength = 500,
                    requiredMode = Schema.RequiredMode.REQUIRED)
            @Nullable
            String reason) {}
}
