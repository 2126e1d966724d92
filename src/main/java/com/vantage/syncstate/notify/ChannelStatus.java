package com.vantage.syncstate.notify;

import com.vantage.syncstate.alert.AlertKind;
import com.vantage.syncstate.incident.Incident.Severity;
import io.swagger.v3.oas.annotations.media.Schema;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A channel of the configuration, without its URL and secrets, and how it does.
 *
 * @param resources of which it is notified, {@code *} standing for any characters; empty for all
 * @param kinds of alerts of which it is notified; empty for all
 * @param status {@code failing} from the first delivery that fails to the next that succeeds; {@code paused} after an
 *     answer of 410, until a test succeeds
 * @param since since when it is failing or paused
 * @param pending how many notifications are yet to be sent
 * @param dead how many were given up
 */
record ChannelStatus(
        @Schema(example = "ops") String name,

        @Schema(
                example = "slack",
                allowableValues = {"webhook", "slack", "teams", "pagerduty", "email"})
        String kind,

        Severity minSeverity,
        List<String> resources,
        List<AlertKind> kinds,

        @Schema(
                types = {"string", "null"},
                format = "duration",
                example = "PT4H")
        @Nullable
        String remindAfter,

        @Schema(allowableValues = {"ok", "failing", "paused"})
        String status,

        @Schema(
                types = {"string", "null"},
                format = "date-time")
        @Nullable
        Instant since,

        @Schema(
                types = {"string", "null"},
                example = "The receiver answered 503")
        @Nullable
        String lastError,

        int pending,
        int dead) {}
