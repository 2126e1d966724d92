package com.vantage.syncstate.notify;

import java.util.List;
import java.util.Map;
import org.springframework.stereotype.Component;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/** Writes for version 2 of PagerDuty's Events API: an incident of ours is one of theirs, by its id. */
@Component
class PagerDutyMessages {

    /** Where events go unless the channel has another address. */
    static final String URL = "https://events.pagerduty.com/v2/enqueue";

    private static final int MAX_SUMMARY = 1024;
    private static final List<String> DETAILS = List.of("kinds", "since", "run_id", "explanation");

    private final JsonMapper json;
    private final Links links;

    PagerDutyMessages(JsonMapper json, Links links) {
        this.json = json;
        this.links = links;
    }

    Message write(Channel channel, Notification notification) {
        ObjectNode root = json.createObjectNode();
        root.put("routing_key", channel.properties().secret().get(0).strip());
        root.put(
                "event_action",
                switch (notification.type()) {
                    case "acknowledged" -> "acknowledge";
                    case "closed" -> "resolve";
                    default -> "trigger";
                });
        root.put("client", "vantage-sync-state");
        ObjectNode payload = root.putObject("payload");
        payload.put("timestamp", notification.at().toString());
        JsonNode body = notification.body();
        if (body == null) {
            root.put("dedup_key", "test-" + notification.eventId());
            payload.put("summary", "Test of the channel " + channel.name() + ": it works.");
            payload.put("source", "vantage-sync-state");
            payload.put("severity", "info");
            return new Message(Map.of(), json.writeValueAsBytes(root));
        }
        root.put("dedup_key", String.valueOf(notification.incidentId()));
        String summary = ChatText.of(List.of(notification), null).headline() + ". " + notification.text("detail");
        payload.put("summary", summary.length() <= MAX_SUMMARY ? summary : summary.substring(0, MAX_SUMMARY - 1) + "…");
        payload.put("source", notification.text("resource"));
        payload.put("severity", notification.text("severity"));
        ObjectNode details = payload.putObject("custom_details");
        DETAILS.forEach(key -> details.set(key, body.path(key)));
        if (links.areAbsolute()) {
            links.of(notification)
                    .forEach((name, link) -> root.withArray("links")
                            .addObject()
                            .put("href", link)
                            .put("text", name));
        }
        return new Message(Map.of(), json.writeValueAsBytes(root));
    }
}
