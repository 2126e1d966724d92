package com.vantage.syncstate.notify;

import java.time.Instant;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * What is to be sent of an event to a channel.
 *
 * @param incidentId null for a test, as seq and body
 * @param body what was so at that moment
 */
record Notification(
        UUID notificationId,
        UUID eventId,
        @Nullable UUID incidentId,
        @Nullable Integer seq,
        String type,
        Instant at,
        @Nullable JsonNode body) {

    boolean isTest() {
        return body == null;
    }

    /** Of the body; empty where there is none. */
    String text(String key) {
        return body == null ? "" : body.path(key).asString("");
    }
}
