package com.vantage.syncstate.notify;

import com.vantage.syncstate.incident.Incident.Severity;
import com.vantage.syncstate.notify.NotifyProperties.ChannelProperties;
import java.util.List;

/** Channels as the configuration makes them. */
final class TestChannel {

    static final String SECRET = "whsec_MDEyMzQ1Njc4OTAxMjM0NTY3ODkwMTIz";

    private TestChannel() {}

    static Channel webhook(String url, String... secrets) {
        return of(ChannelKind.WEBHOOK, url, secrets);
    }

    static Channel slack(String url) {
        return of(ChannelKind.SLACK, url);
    }

    private static Channel of(ChannelKind kind, String url, String... secrets) {
        var properties = new ChannelProperties(
                kind, url, List.of(secrets), List.of(), Severity.WARNING, List.of(), List.of(), null, true);
        return Channel.of("test", properties, null);
    }
}
