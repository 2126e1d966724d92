package com.vantage.syncstate.notify;

import java.util.List;
import org.springframework.stereotype.Component;

/** Writes a message as its channel's kind has it, and sends it. */
@Component
class ChannelSender {

    private final WebhookMessages webhook;
    private final SlackMessages slack;
    private final HttpSender http;
    private final TeamsMessages teams;
    private final PagerDutyMessages pagerDuty;
    private final SmtpSender mail;
    private final Outbox outbox;

    ChannelSender(
            WebhookMessages webhook,
            SlackMessages slack,
            TeamsMessages teams,
            PagerDutyMessages pagerDuty,
            HttpSender http,
            SmtpSender mail,
            Outbox outbox) {
        this.webhook = webhook;
        this.slack = slack;
        this.teams = teams;
        this.pagerDuty = pagerDuty;
        this.http = http;
        this.mail = mail;
        this.outbox = outbox;
    }

    /** @param notifications of a channel that is not grouped, one */
    Delivery send(Channel channel, List<Notification> notifications) {
        return switch (channel.kind()) {
            case WEBHOOK -> http.send(channel, webhook.write(channel, notifications.get(0)));
            case SLACK -> http.send(channel, slack.write(text(channel, notifications)));
            case TEAMS -> http.send(channel, teams.write(text(channel, notifications)));
            case PAGERDUTY -> http.send(channel, pagerDuty.write(channel, notifications.get(0)));
            case EMAIL -> mail.send(channel, text(channel, notifications), notifications.get(notifications.size() - 1));
        };
    }

    private ChatText text(Channel channel, List<Notification> notifications) {
        return notifications.get(0).isTest()
                ? ChatText.test(channel.name())
                : ChatText.of(notifications, outbox.commonCause(notifications));
    }
}
