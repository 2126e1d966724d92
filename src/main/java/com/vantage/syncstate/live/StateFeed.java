package com.vantage.syncstate.live;

import com.vantage.syncstate.incident.Incident;
import com.vantage.syncstate.sync.StateVersion;
import com.vantage.syncstate.sync.SyncState;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.json.JsonMapper;

/**
 * The states as last seen, and the order in which they changed.
 *
 * <p>Each state is encoded once, and every stream sends the same bytes. A stream keeps nothing but the number of the
 * last change that it has sent: of a resource that changed five times since, it sends only the latest. So a slow client
 * costs no memory, and gets updates less often than others. Incidents are sent as they change, and are in no snapshot; of
 * more than a thousand at once it sends the latest.
 */
final class StateFeed {

    /** What a stream has seen that has yet to see anything. */
    static final long NOTHING = 0;

    /** What a stream has seen that has sent the outage of the database: nothing that is still valid. */
    private static final long OUTAGE = -1;

    private static final int BATCH_BYTES = 256 * 1024;

    private static final int TOMBSTONES = 1_000;
    static final int INCIDENTS = 1_000;

    private final EventEncoder events;

    private final Map<String, Long> latest = new HashMap<>();

    /** The one that changed longest ago comes first. */
    private final Map<UUID, Long> incidents = new LinkedHashMap<>();

    private final TreeMap<Long, Change> changes = new TreeMap<>();
    private List<StateVersion> order = List.of();
    private long number;
    private int tombstones;

    /** A stream that has seen less than this has missed what the changes no longer hold, and needs a snapshot. */
    private long oldest = 1;

    private boolean loaded;
    private @Nullable Instant unavailableSince;
    private @Nullable Batch snapshot;

    StateFeed(JsonMapper json) {
        this.events = new EventEncoder(json);
    }

    /** The resources whose version differs from the one held here. */
    synchronized Set<String> changed(List<StateVersion> versions) {
        Set<String> changed = new HashSet<>();
        for (StateVersion version : versions) {
            Change change = change(version.resource());
            if (change == null || !version.equals(change.version())) {
                changed.add(version.resource());
            }
        }
        return changed;
    }

    /**
     * Applies what was found.
     *
     * @param versions of every state, in the order of a dashboard
     * @param found the states that have changed; one that is missing has been deleted meanwhile
     */
    synchronized void update(List<StateVersion> versions, List<SyncState> found) {
        for (SyncState state : found) {
            put(state.resource(), new Change(state.version(), events.state(number + 1, state)));
        }
        if (versions.size() < latest.size() || !versions.equals(order)) {
            Set<String> gone = new HashSet<>(latest.keySet());
            versions.forEach(version -> gone.remove(version.resource()));
            gone.forEach(this::delete);
            order = versions;
        }
        if (!loaded || unavailableSince != null) {
            loaded = true;
            unavailableSince = null;
            reset();
        }
    }

    /** Takes incidents that have changed. */
    synchronized void incidents(List<Incident> changed) {
        for (Incident incident : changed) {
            EventEncoder.Event event = events.incident(number + 1, incident);
            // Removed first, since a key that is put again keeps its place.
            Long before = incidents.remove(incident.incidentId());
            if (before != null) {
                changes.remove(before);
            }
            incidents.put(incident.incidentId(), ++number);
            changes.put(number, new Change(null, event));
        }
        var eldest = incidents.values().iterator();
        for (int more = incidents.size() - INCIDENTS; more > 0; more--) {
            changes.remove(eldest.next());
            eldest.remove();
        }
    }

    /** Notes that the states cannot be read. */
    synchronized void unavailable(Instant now) {
        if (unavailableSince == null) {
            unavailableSince = now;
        }
    }

    /** Discards everything, when no stream is open. */
    synchronized void clear() {
        latest.clear();
        incidents.clear();
        changes.clear();
        tombstones = 0;
        order = List.of();
        loaded = false;
        unavailableSince = null;
        reset();
    }

    /** What a stream that has seen so much is to send next; null for nothing. */
    synchronized @Nullable Batch after(long seen) {
        if (unavailableSince != null) {
            return seen == OUTAGE ? null : new Batch(events.unavailable(unavailableSince), OUTAGE);
        }
        if (!loaded || seen >= number) {
            return null;
        }
        if (seen < oldest) {
            return snapshot();
        }
        List<byte[]> parts = new ArrayList<>();
        long through = seen;
        int size = 0;
        for (var entry : changes.tailMap(seen, false).entrySet()) {
            through = entry.getKey();
            Change change = entry.getValue();
            change.event().addTo(parts);
            size += change.event().data().length;
            if (size >= BATCH_BYTES) {
                break;
            }
        }
        return new Batch(parts, through);
    }

    private Batch snapshot() {
        if (snapshot == null || snapshot.through() != number) {
            List<EventEncoder.Event> states = order.stream()
                    .map(version -> change(version.resource()))
                    .filter(Objects::nonNull)
                    .map(Change::event)
                    .toList();
            snapshot = new Batch(events.snapshot(number, states), number);
        }
        return snapshot;
    }

    private void delete(String resource) {
        put(resource, new Change(null, events.deleted(number + 1, resource)));
        latest.remove(resource);
        if (++tombstones > TOMBSTONES) {
            changes.values().removeIf(change -> change.version() == null);
            incidents.clear();
            tombstones = 0;
            oldest = number;
        }
    }

    private void put(String resource, Change change) {
        Long before = latest.put(resource, ++number);
        if (before != null) {
            changes.remove(before);
        }
        changes.put(number, change);
    }

    private void reset() {
        oldest = ++number;
        snapshot = null;
    }

    private @Nullable Change change(String resource) {
        Long at = latest.get(resource);
        return at == null ? null : changes.get(at);
    }

    /**
     * Bytes to send, shared among the streams.
     *
     * @param through what a stream has seen that has sent them
     */
    record Batch(List<byte[]> parts, long through) {}

    /**
     * The last change of a resource, or of an incident.
     *
     * @param version null when it was deleted, and of an incident
     */
    private record Change(@Nullable StateVersion version, EventEncoder.Event event) {}
}
