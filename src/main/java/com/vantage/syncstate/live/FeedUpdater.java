package com.vantage.syncstate.live;

import com.vantage.syncstate.database.ReadCoalescer;
import com.vantage.syncstate.database.RequestQueue;
import com.vantage.syncstate.incident.IncidentRepository;
import com.vantage.syncstate.sync.StateVersion;
import com.vantage.syncstate.sync.SyncStateRepository;
import java.time.Instant;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Reads what has changed into the feed, one at a time; nothing that fails gets past it, since the next may succeed. */
final class FeedUpdater {

    private static final Logger log = LoggerFactory.getLogger(FeedUpdater.class);

    private static final String ALL = "all states";
    private static final long UNKNOWN = -1;

    private final SyncStateRepository states;
    private final IncidentRepository incidents;
    private final StateFeed feed;
    private final BooleanSupplier isRunning;

    private final ReentrantLock updating = new ReentrantLock();
    private final ReadCoalescer<String, String> shared = new ReadCoalescer<>();
    private final Set<String> changed = new HashSet<>();
    private long incidentsSeen = UNKNOWN;
    private volatile @Nullable RuntimeException failure;

    /** @param isRunning whether a failure is worth a line in the log */
    FeedUpdater(SyncStateRepository states, IncidentRepository incidents, StateFeed feed, BooleanSupplier isRunning) {
        this.states = states;
        this.incidents = incidents;
        this.feed = feed;
        this.isRunning = isRunning;
    }

    /**
     * Updates, unless an update for another caller begins after this was called: any number of callers at the same moment
     * share one. All of them go on when it ends, where a lock would let them through one by one, and a thousand streams
     * that open at once hold every thread meanwhile.
     *
     * @throws RuntimeException why the states could not be read
     */
    void updateNow() {
        shared.read(ALL, () -> {
            // All streams see its failure, so it waits for no place among requests.
            RequestQueue.outOfTurn(this::update);
            RuntimeException failed = failure;
            if (failed != null) {
                throw failed;
            }
            return ALL;
        });
    }

    void update() {
        updating.lock();
        try {
            List<StateVersion> versions = states.versions();
            Set<String> different = feed.changed(versions);
            feed.update(versions, different.isEmpty() ? List.of() : states.find(different));
            changed.addAll(different);
            updateIncidents();
            if (failure != null) {
                log.info("State polling recovered; streams are live again");
            }
            failure = null;
        } catch (RuntimeException e) {
            if (failure == null && isRunning.getAsBoolean()) {
                log.warn("State polling failed; streams report unavailable: {}", e.getMessage());
            }
            failure = e;
            feed.unavailable(Instant.now());
        } finally {
            updating.unlock();
        }
    }

    private void updateIncidents() {
        long through = incidents.position();
        if (incidentsSeen != UNKNOWN && through > incidentsSeen) {
            feed.incidents(incidents.changed(incidentsSeen, through, StateFeed.INCIDENTS));
        }
        incidentsSeen = through;
    }

    /** Whether the latest update failed. */
    boolean failed() {
        return failure != null;
    }

    /** The resources that changed since this was last called. */
    Set<String> takeChanged() {
        updating.lock();
        try {
            Set<String> taken = Set.copyOf(changed);
            changed.clear();
            return taken;
        } finally {
            updating.unlock();
        }
    }

    /** Discards everything while nobody wants it; who is about to open a stream updates first, and so keeps it. */
    void discardIf(BooleanSupplier isIdle) {
        updating.lock();
        try {
            if (isIdle.getAsBoolean()) {
                feed.clear();
                incidentsSeen = UNKNOWN;
                changed.clear();
            }
        } finally {
            updating.unlock();
        }
    }
}
