package com.vantage.syncstate.notify;

import com.vantage.syncstate.error.ProblemType;
import com.vantage.syncstate.http.ETagBuilder;
import com.vantage.syncstate.http.Problems;
import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.Parameter;
import io.swagger.v3.oas.annotations.tags.Tag;
import java.time.Duration;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.locks.LockSupport;
import org.springframework.http.MediaType;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RestController;

/** Lists the channels, and tests them. */
@Tag(name = "Notifications", description = "Who is notified of incidents, and what became of each message.")
@RestController
@RequestMapping(path = "/channels", produces = MediaType.APPLICATION_JSON_VALUE)
class ChannelController {

    /** Longer than a receiver may take that is up. */
    private static final Duration WAIT = Duration.ofSeconds(28);

    private static final Duration PAUSE = Duration.ofMillis(100);

    private final NotificationRepository notifications;
    private final Deliverer deliverer;

    ChannelController(NotificationRepository notifications, Deliverer deliverer) {
        this.notifications = notifications;
        this.deliverer = deliverer;
    }

    @Operation(
            operationId = "listChannels",
            summary = "List the channels",
            description = "Those of the configuration, without URLs and secrets, and how each does.")
    @GetMapping
    ResponseEntity<List<ChannelStatus>> list() {
        List<ChannelStatus> channels = notifications.channels();
        var tag = new ETagBuilder();
        channels.forEach(channel -> tag.add(channel.toString()));
        return ETagBuilder.answer(tag.value()).body(channels);
    }

    @Operation(
            operationId = "testChannel",
            summary = "Send a test to a channel",
            description =
                    "By the same way as every notification, whether or not the channel is failing or paused; a test that is sent ends either. Answers with what became of it: sent, dead with the reason, or pending where it was not tried within 28 s.")
    @Problems(ProblemType.CHANNEL_NOT_FOUND)
    @PostMapping("/{name}/test")
    NotificationStatus test(@Parameter(example = "ops") @PathVariable String name) {
        UUID test = notifications.test(name);
        deliverer.wake();
        long start = System.nanoTime();
        NotificationStatus status = notifications.get(test);
        while (status.endedAt() == null && System.nanoTime() - start < WAIT.toNanos()) {
            LockSupport.parkNanos(PAUSE.toNanos());
            status = notifications.get(test);
        }
        return status;
    }
}
