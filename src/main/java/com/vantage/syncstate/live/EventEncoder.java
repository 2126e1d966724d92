package com.vantage.syncstate.live;

import com.vantage.syncstate.incident.Incident;
import com.vantage.syncstate.sync.SyncState;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import tools.jackson.databind.json.JsonMapper;

/** Encodes the events of a stream. An id names the feed and the number of the change. */
final class EventEncoder {

    private static final byte[] END = bytes("\n\n");
    private static final byte[] COMMA = bytes(",");

    private final JsonMapper json;
    private final String feed = Long.toHexString(System.currentTimeMillis()) + "-";

    EventEncoder(JsonMapper json) {
        this.json = json;
    }

    Event state(long number, SyncState state) {
        return event("sync-state", number, state);
    }

    Event deleted(long number, String resource) {
        return event("deleted", number, Map.of("resource", resource));
    }

    Event incident(long number, Incident incident) {
        return event("incident", number, incident);
    }

    private Event event(String name, long number, Object data) {
        return new Event(bytes("event: " + name + "\nid: " + feed + number + "\ndata: "), json.writeValueAsBytes(data));
    }

    /** Every state, in one event and in one piece: of ten thousand states, each stream would write twenty thousand. */
    List<byte[]> snapshot(long number, List<Event> states) {
        byte[] head = bytes("event: snapshot\nid: " + feed + number + "\nretry: 2000\ndata: [");
        byte[] tail = bytes("]\n\n");
        int separators = Math.max(0, states.size() - 1) * COMMA.length;
        int length = head.length + tail.length + separators;
        for (Event state : states) {
            length = Math.addExact(length, state.data().length);
        }
        ByteBuffer whole = ByteBuffer.allocate(length).put(head);
        for (Event state : states) {
            if (whole.position() > head.length) {
                whole.put(COMMA);
            }
            whole.put(state.data());
        }
        return List.of(whole.put(tail).array());
    }

    /** Reports that the states are unknown since then. */
    List<byte[]> unavailable(Instant since) {
        return List.of(bytes("event: unavailable\ndata: "), json.writeValueAsBytes(Map.of("since", since)), END);
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    /** An event of which the data may be sent in a snapshot as well. */
    @SuppressWarnings("ArrayRecordComponent") // never compared
    record Event(byte[] head, byte[] data) {

        void addTo(List<byte[]> parts) {
            parts.add(head);
            parts.add(data);
            parts.add(END);
        }
    }
}
