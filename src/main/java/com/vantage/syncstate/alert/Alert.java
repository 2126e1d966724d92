package com.vantage.syncstate.alert;

import io.swagger.v3.oas.annotations.media.Schema;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * What is wrong with a resource, as the view {@code vantage_sync_alert} computes it. It also describes what
 * is in {@code alerts} of a state, which is passed through as JSON.
 *
 * @param resource of a channel, {@code channel/} and its name
 * @param since failed and slow: when that run ended; stuck: the last sign of life; stale: the last success, or where
 *     there is none, the registration
 * @param threshold what was passed, as an ISO 8601 duration; null for failed
 * @param detail one plain sentence
 */
public record Alert(
        @Schema(example = "accounts") String resource,

        @Schema(
                example = "stuck",
                allowableValues = {"failed", "stuck", "stale", "slow", "undelivered"})
        String kind,

        Instant since,

        @Schema(
                types = {"string", "null"},
                format = "duration",
                example = "PT30M")
        @Nullable
        String threshold,

        @Schema(example = "accounts is running without a sign of life since 2026-11-22 05:30:00 UTC.")
        String detail) {}
