package com.vantage.syncstate.notify;

import com.fasterxml.jackson.annotation.JsonValue;
import java.util.Locale;

/** What a channel speaks. */
enum ChannelKind {
    /** Standard Webhooks 1.0: each event a message of its own, signed. */
    WEBHOOK(false),

    /** The incoming webhooks of Slack, which Mattermost, Rocket.Chat and Discord's {@code /slack} take as well. */
    SLACK(true),

    /** The workflows of Microsoft Teams. */
    TEAMS(true),

    /** Version 2 of PagerDuty's Events API. */
    PAGERDUTY(false),

    /** Mail, by the server of {@code spring.mail}. */
    EMAIL(true);

    private final boolean grouped;

    ChannelKind(boolean grouped) {
        this.grouped = grouped;
    }

    /** Whether people read it, so that what happens together is one message. */
    boolean isGrouped() {
        return grouped;
    }

    @JsonValue
    String value() {
        return name().toLowerCase(Locale.ROOT);
    }
}
