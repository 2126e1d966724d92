package com.vantage.syncstate.notify;

import com.vantage.syncstate.error.InvalidRequest;
import com.vantage.syncstate.error.ProblemType;
import com.vantage.syncstate.http.ETagBuilder;
import com.vantage.syncstate.http.Problems;
import com.vantage.syncstate.http.QueryParameter;
import com.vantage.syncstate.notify.NotificationStatus.Status;
import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.Parameter;
import io.swagger.v3.oas.annotations.media.Schema;
import io.swagger.v3.oas.annotations.tags.Tag;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.http.MediaType;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;

/** Lists notifications, and tries those again that were given up. */
@Tag(name = "Notifications")
@RestController
@RequestMapping(path = "/notifications", produces = MediaType.APPLICATION_JSON_VALUE)
class NotificationController {

    private static final int DEFAULT_LIMIT = 20;
    private static final int MAX_LIMIT = 100;

    private final NotificationRepository notifications;
    private final Deliverer deliverer;

    NotificationController(NotificationRepository notifications, Deliverer deliverer) {
        this.notifications = notifications;
        this.deliverer = deliverer;
    }

    @Operation(
            operationId = "listNotifications",
            summary = "List the latest notifications, newest first",
            description = "One is an event of an incident for a channel. Those of a time before are found by incident.")
    @GetMapping
    ResponseEntity<NotificationList> list(
            @Parameter(
                            example = "ops",
                            schema = @Schema(type = "string", pattern = "^[a-z0-9][a-z0-9-]*$", maxLength = 63))
                    @RequestParam(required = false)
                    @Nullable
                    String channel,
            @Parameter(
                            schema =
                                    @Schema(
                                            type = "string",
                                            allowableValues = {"pending", "sent", "dead", "skipped"}))
                    @RequestParam(required = false)
                    @Nullable
                    String status,
            @Parameter(schema = @Schema(type = "string", format = "uuid"))
                    @RequestParam(name = "incident_id", required = false)
                    @Nullable
                    UUID incidentId,
            @Parameter(
                            schema =
                                    @Schema(
                                            type = "integer",
                                            format = "int32",
                                            minimum = "1",
                                            maximum = "100",
                                            defaultValue = "20"))
                    @RequestParam(required = false)
                    @Nullable
                    String limit) {
        if (channel != null && !channel.matches("[a-z0-9][a-z0-9-]{0,62}")) {
            throw InvalidRequest.parameter("channel", "must be the name of a channel");
        }
        if (status != null && QueryParameter.find(Status.class, status).isEmpty()) {
            throw InvalidRequest.parameter("status", "must be one of " + QueryParameter.names(Status.class));
        }
        List<NotificationStatus> found = notifications.list(
                channel, status, incidentId, limit == null ? DEFAULT_LIMIT : QueryParameter.limit(limit, MAX_LIMIT));
        var tag = new ETagBuilder();
        found.forEach(notification -> tag.add(notification.toString()));
        return ETagBuilder.answer(tag.value()).body(new NotificationList(found));
    }

    @Operation(
            operationId = "retryNotification",
            summary = "Try a notification again",
            description =
                    "One that was given up, or that waits for its next attempt; it is then given as long as a new one.")
    @Problems({ProblemType.NOTIFICATION_NOT_FOUND, ProblemType.NOTIFICATION_NOT_RETRYABLE})
    @PostMapping("/{notification_id}/retry")
    NotificationStatus retry(@PathVariable("notification_id") UUID notificationId) {
        NotificationStatus status = notifications.get(notifications.retry(notificationId));
        deliverer.wake();
        return status;
    }

    /**
     * Several of them.
     *
     * @param notifications newest first
     */
    record NotificationList(List<NotificationStatus> notifications) {}
}
