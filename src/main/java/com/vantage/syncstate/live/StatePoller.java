package com.vantage.syncstate.live;

import com.vantage.syncstate.incident.IncidentRepository;
import com.vantage.syncstate.security.Caller;
import com.vantage.syncstate.sync.StateVersion;
import com.vantage.syncstate.sync.SyncStateChanged;
import com.vantage.syncstate.sync.SyncStateRepository;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.context.SmartLifecycle;
import org.springframework.context.event.EventListener;
import org.springframework.stereotype.Component;
import tools.jackson.databind.json.JsonMapper;

/**
 * Polls for changes while a stream is open or a listener waits, one thread for all of them: a few times a second, and at
 * once after a call through this instance.
 *
 * <p>The writers pay nothing for it: no trigger, no NOTIFY (which was measured to halve their rate). It takes a tenth of
 * one thread at most, so that many streams make it poll less often rather than work more.
 */
@Component
public class StatePoller implements SmartLifecycle {

    private static final Logger log = LoggerFactory.getLogger(StatePoller.class);

    private static final long PERIOD = Duration.ofMillis(250).toNanos();
    private static final long MIN_PAUSE = Duration.ofMillis(50).toNanos();
    private static final long MAX_PAUSE = Duration.ofSeconds(1).toNanos();

    private static final long UNKNOWN = -1;

    private final SyncStateRepository states;
    private final IncidentRepository incidents;
    private final StateFeed feed;
    private final Set<EventStream> streams = ConcurrentHashMap.newKeySet();
    private final List<StateListener> listeners = new CopyOnWriteArrayList<>();
    private final StreamLimits limits;
    private final long heartbeat;
    private final AtomicBoolean woken = new AtomicBoolean();

    private final ReentrantLock polling = new ReentrantLock();
    private final AtomicLong begun = new AtomicLong();
    private final Set<String> news = new HashSet<>();
    private volatile @Nullable RuntimeException failure;
    private long incidentsSeen = UNKNOWN;

    private volatile boolean running;
    private volatile @Nullable Thread thread;

    StatePoller(SyncStateRepository states, IncidentRepository incidents, JsonMapper json, LiveProperties properties) {
        this.states = states;
        this.incidents = incidents;
        this.feed = new StateFeed(json);
        this.limits = new StreamLimits(properties);
        this.heartbeat = properties.heartbeat().toNanos();
    }

    /**
     * Answers with a stream that begins with every state as it is now, and ends when the caller's token does.
     *
     * @throws com.vantage.syncstate.error.RequestRejected {@code overloaded}
     * @throws org.springframework.dao.DataAccessResourceFailureException while the database does not answer
     */
    void open(HttpServletRequest request, HttpServletResponse response, Caller caller) throws IOException {
        limits.open(caller.id());
        EventStream stream;
        try {
            pollNow();
            stream = new EventStream(request, response, feed, caller.until(), ended -> {
                streams.remove(ended);
                limits.close(caller.id());
            });
        } catch (IOException | RuntimeException e) {
            limits.close(caller.id());
            throw e;
        }
        streams.add(stream);
        if (running) {
            stream.begin();
            wake();
        } else {
            stream.end();
        }
    }

    int streams() {
        return streams.size();
    }

    public void add(StateListener listener) {
        listeners.add(listener);
    }

    @EventListener
    void changed(SyncStateChanged change) {
        if (!isIdle()) {
            wake();
        }
    }

    private boolean isIdle() {
        return streams.isEmpty() && listeners.stream().noneMatch(StateListener::isWaiting);
    }

    /** Polls soon, for a listener that has begun to wait. */
    public void wake() {
        if (woken.compareAndSet(false, true)) {
            LockSupport.unpark(thread);
        }
    }

    /** Goes on whatever happens: without this thread, all streams would fall silent. */
    private void run() {
        while (running) {
            try {
                watch();
            } catch (Throwable e) {
                log.error("State polling failed; streams go on in a second", e);
                pause(MAX_PAUSE, false);
            }
        }
    }

    private void watch() {
        long nextHeartbeat = System.nanoTime() + heartbeat;
        while (running) {
            woken.set(false);
            if (isIdle()) {
                discard();
                pause(Long.MAX_VALUE, true);
                nextHeartbeat = System.nanoTime() + heartbeat;
                continue;
            }
            long start = System.nanoTime();
            poll();
            tellListeners();
            Instant now = Instant.now();
            streams.forEach(stream -> {
                if (stream.isPast(now)) {
                    stream.end();
                }
            });
            boolean due = start - nextHeartbeat >= 0;
            streams.forEach(due ? EventStream::heartbeat : EventStream::send);
            if (due) {
                nextHeartbeat = start + heartbeat;
            }
            long took = System.nanoTime() - start;
            long quiet = failure == null ? Math.min(Math.max(MIN_PAUSE, 9 * took), MAX_PAUSE) : MAX_PAUSE;
            pause(quiet, false);
            pause(PERIOD - took - quiet, true);
        }
    }

    private void tellListeners() {
        Set<String> changed;
        polling.lock();
        try {
            changed = Set.copyOf(news);
            news.clear();
        } finally {
            polling.unlock();
        }
        listeners.stream().filter(StateListener::isWaiting).forEach(listener -> listener.polled(changed));
    }

    /** Discards the states while nobody wants them; a client that is about to open a stream polls first, and so keeps them. */
    private void discard() {
        polling.lock();
        try {
            if (isIdle()) {
                feed.clear();
                incidentsSeen = UNKNOWN;
                news.clear();
            }
        } finally {
            polling.unlock();
        }
    }

    private void pause(long nanos, boolean wakeable) {
        long start = System.nanoTime();
        for (long left = nanos; left > 0 && running; left = nanos - (System.nanoTime() - start)) {
            if (wakeable && woken.get()) {
                return;
            }
            LockSupport.parkNanos(left);
        }
    }

    /** Polls, unless a poll began after this was called: any number of callers at the same moment share one. */
    private void pollNow() {
        long before = begun.get();
        polling.lock();
        try {
            if (begun.get() == before) {
                poll();
            }
            RuntimeException failed = failure;
            if (failed != null) {
                throw failed;
            }
        } finally {
            polling.unlock();
        }
    }

    private void poll() {
        polling.lock();
        try {
            begun.incrementAndGet();
            List<StateVersion> versions = states.versions();
            Set<String> changed = feed.changed(versions);
            feed.update(versions, changed.isEmpty() ? List.of() : states.find(changed));
            news.addAll(changed);
            pollIncidents();
            if (failure != null) {
                log.info("State polling recovered; streams are live again");
            }
            failure = null;
        } catch (RuntimeException e) {
            // Whatever it is, the streams report it, and the next poll may succeed.
            if (failure == null && running) {
                log.warn("State polling failed; streams report unavailable: {}", e.getMessage());
            }
            failure = e;
            feed.unavailable(Instant.now());
        } finally {
            polling.unlock();
        }
    }

    private void pollIncidents() {
        long through = incidents.position();
        if (incidentsSeen != UNKNOWN && through > incidentsSeen) {
            feed.incidents(incidents.changed(incidentsSeen, through, StateFeed.INCIDENTS));
        }
        incidentsSeen = through;
    }

    @Override
    public void start() {
        running = true;
        var poller = new Thread(this::run, "state-poller");
        poller.setDaemon(true);
        thread = poller;
        poller.start();
    }

    /** Ends the streams and the waiting first of all, or the server would wait for their clients to disconnect. */
    @Override
    public void stop() {
        running = false;
        LockSupport.unpark(thread);
        streams.forEach(EventStream::end);
        listeners.forEach(StateListener::stopped);
    }

    @Override
    public boolean isRunning() {
        return running;
    }

    @Override
    public int getPhase() {
        return Integer.MAX_VALUE - 1;
    }
}
