package com.vantage.syncstate.notify;

import java.time.Clock;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.springframework.stereotype.Component;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/** Writes an event as Standard Webhooks 1.0 has it: its id the same at each attempt, its time and signature of this one. */
@Component
class WebhookMessages {

    /** What receivers are advised to take at least. */
    static final int MAX_BYTES = 20_000;

    private static final List<String> COPIED =
            List.of("resource", "severity", "kinds", "since", "run_id", "alerts", "errors", "state");

    private final JsonMapper json;
    private final Links links;
    private final Clock clock = Clock.systemUTC();

    WebhookMessages(JsonMapper json, Links links) {
        this.json = json;
        this.links = links;
    }

    Message write(Channel channel, Notification notification) {
        String id = "msg_" + notification.eventId();
        long timestamp = clock.instant().getEpochSecond();
        byte[] body = body(channel, notification);
        String signature = Objects.requireNonNull(channel.signature()).sign(id, timestamp, body);
        return new Message(
                Map.of("webhook-id", id, "webhook-timestamp", Long.toString(timestamp), "webhook-signature", signature),
                body);
    }

    private byte[] body(Channel channel, Notification notification) {
        ObjectNode root = json.createObjectNode();
        root.put("type", notification.isTest() ? "notification.test" : "alert." + notification.type());
        root.put("timestamp", notification.at().toString());
        ObjectNode data = root.putObject("data");
        JsonNode event = notification.body();
        if (event == null) {
            data.put("channel", channel.name());
            return json.writeValueAsBytes(root);
        }
        data.put("incident_id", String.valueOf(notification.incidentId()));
        data.put("seq", notification.seq());
        COPIED.forEach(key -> data.set(key, event.path(key)));
        data.put("detail", notification.text("detail"));
        data.put("explanation", notification.text("explanation"));
        ObjectNode linked = data.putObject("links");
        links.of(notification).forEach(linked::put);
        byte[] body = json.writeValueAsBytes(root);
        if (body.length > MAX_BYTES) {
            // What can be read where the links lead; the sentence says it in short.
            data.putArray("errors");
            data.putArray("alerts");
            body = json.writeValueAsBytes(root);
        }
        return body;
    }
}
