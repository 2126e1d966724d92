package com.vantage.syncstate.notify;

import io.swagger.v3.oas.annotations.media.Schema;
import java.time.Instant;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * What is or was to be sent of an event to a channel, and what became of it.
 *
 * @param eventId the id under which a receiver sees it, however often it is sent
 * @param incidentId null for a test
 * @param attempts how many deliveries have failed
 * @param nextAt when it is tried next; null once it has ended
 * @param endedAt null while it is pending
 * @param lastStatus the HTTP status of the last answer; null where there was none
 */
record NotificationStatus(
        UUID notificationId,
        UUID eventId,
        @Schema(example = "ops") String channel,

        @Schema(
                types = {"string", "null"},
                format = "uuid")
        @Nullable
        UUID incidentId,

        @Schema(allowableValues = {"opened", "changed", "reminder", "acknowledged", "closed", "flapping", "test"})
        String type,

        @Schema(allowableValues = {"pending", "sent", "dead", "skipped"})
        String status,

        int attempts,
        Instant createdAt,

        @Schema(
                types = {"string", "null"},
                format = "date-time")
        @Nullable
        Instant nextAt,

        @Schema(
                types = {"string", "null"},
                format = "date-time")
        @Nullable
        Instant endedAt,

        @Schema(
                types = {"integer", "null"},
                format = "int32")
        @Nullable
        Integer lastStatus,

        @Schema(
                types = {"string", "null"},
                example = "The receiver answered 503")
        @Nullable
        String lastError) {

    /** How it can stand. */
    enum Status {
        PENDING,
        SENT,
        DEAD,
        SKIPPED
    }
}
