package com.vantage.syncstate.notify;

import com.vantage.syncstate.alert.AlertKind;
import io.swagger.v3.oas.annotations.media.Schema;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * A time in which nobody is notified of some resources, which are watched all the same.
 *
 * @param resources names, {@code *} standing for any characters
 * @param kinds of alerts that are not sent; empty for all
 * @param by who, in their own words
 */
record Mute(
        UUID muteId,
        List<String> resources,
        List<AlertKind> kinds,
        Instant from,
        Instant until,

        @Schema(
                types = {"string", "null"},
                example = "The source moves house")
        @Nullable
        String note,

        @Schema(
                types = {"string", "null"},
                example = "Ada")
        @Nullable
        String by,

        Instant createdAt) {

    /**
     * What to mute, and until when.
     *
     * @param resources 1 to 100
     * @param from now, unless it is to begin later
     * @param until at most 30 days after that
     */
    @Schema(name = "MuteRequest")
    record Request(
            @Schema(example = "[\"fund*\"]", requiredMode = Schema.RequiredMode.REQUIRED) @Nullable
            List<@Nullable String> resources,

            @Schema(example = "[\"stale\"]") @Nullable List<@Nullable String> kinds,

            @Schema(example = "2026-12-01T04:00:00Z") @Nullable
            Instant from,

            @Schema(example = "2026-12-01T06:00:00Z", requiredMode = Schema.RequiredMode.REQUIRED) @Nullable
            Instant until,

            @Schema(example = "The source moves house", maxLength = 2000) @Nullable
            String note,

            @Schema(example = "Ada", maxLength = 200) @Nullable
            String by) {}
}
