package com.vantage.syncstate.notify;

import com.vantage.syncstate.alert.AlertKind;
import com.vantage.syncstate.incident.Incident.Severity;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * Who is notified of incidents.
 *
 * @param channels by name
 * @param from whom mail comes from, for example {@code sync@example.com}
 * @param baseUrl where people reach the service, for links in messages, for example {@code https://sync.example.com}
 */
@ConfigurationProperties("vantage.notify")
record NotifyProperties(
        @DefaultValue Map<String, ChannelProperties> channels,
        @Nullable String from,
        @Nullable String baseUrl) {

    /**
     * One channel.
     *
     * @param kind {@code webhook}, {@code slack}, {@code teams}, {@code pagerduty} or {@code email}
     * @param url where it is sent to; it may hold a secret, and is shown nowhere. PagerDuty needs none
     * @param secret of a webhook, {@code whsec_} and Base64; two while one replaces the other. Of PagerDuty, the
     *     integration key
     * @param to of mail, the addresses
     * @param minSeverity {@code warning} for all, {@code error} for errors alone
     * @param resources of which it is notified, {@code fund*} for all whose name begins so; all unless set
     * @param kinds of alerts of which it is notified; all unless set
     * @param remindAfter how long after the last message of an open incident it is reminded; never unless set
     * @param allowPrivate whether it may lead to a private address, and need not be HTTPS
     */
    record ChannelProperties(
            @Nullable ChannelKind kind,
            @Nullable String url,
            @DefaultValue List<String> secret,
            @DefaultValue List<String> to,
            @DefaultValue("warning") Severity minSeverity,
            @DefaultValue List<String> resources,
            @DefaultValue List<AlertKind> kinds,
            @Nullable Duration remindAfter,
            @DefaultValue("false") boolean allowPrivate) {

        /** Without what is secret. */
        @Override
        public String toString() {
            return "ChannelProperties[" + kind + "]";
        }
    }
}
