package com.vantage.syncstate.notify;

import java.util.List;
import org.springframework.stereotype.Component;

/** Writes a message as its channel's kind has it, and sends it. */
@Component
class ChannelSender {

    private final WebhookMessages webhook;
    private final SlackMessages slack;
    private final HttpSender http;
    private final Outbox outbox;

    ChannelSender(WebhookMessages webhook, SlackMessages slack, HttpSender http, Outbox outbox) {
        this.webhook = webhook;
        this.slack = slack;
        this.http = http;
        this.outbox = outbox;
    }

    /** @param notifications of a channel that is not grouped, one */
    Delivery send(Channel channel, List<Notification> notifications) {
        Notification first = notifications.get(0);
        return switch (channel.kind()) {
            case WEBHOOK -> http.send(channel, webhook.write(channel, first));
            case SLACK ->
                http.send(
                        channel,
                        slack.write(
                                first.isTest()
                                        ? ChatText.test(channel.name())
                                        : ChatText.of(notifications, outbox.resources())));
        };
    }
}
