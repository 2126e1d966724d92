package com.vantage.syncstate.incident;

import io.swagger.v3.oas.annotations.media.Schema;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * Whether the alerts are evaluated in time.
 *
 * @param evaluatedAt when they last were; null before the first time
 * @param behind whether that is longer ago than a minute, so that incidents open and close late
 */
record Watch(
        @Schema(
                types = {"string", "null"},
                format = "date-time")
        @Nullable
        Instant evaluatedAt,

        boolean behind) {}
