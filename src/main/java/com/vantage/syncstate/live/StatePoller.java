package com.vantage.syncstate.live;

import com.vantage.syncstate.sync.StateVersion;
import com.vantage.syncstate.sync.SyncStateChanged;
import com.vantage.syncstate.sync.SyncStateRepository;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
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
 * Looks for changes while somebody listens, one thread for all streams: a few times a second, and at once after a call
 * through this instance.
 *
 * <p>The writers pay nothing for it: no trigger, no NOTIFY (which was measured to halve their rate). It takes a tenth of
 * one thread at most, so that many streams make it look less often rather than work more.
 */
@Component
class StatePoller implements SmartLifecycle {

    private static final Logger log = LoggerFactory.getLogger(StatePoller.class);

    private static final long PERIOD = Duration.ofMillis(250).toNanos();
    private static final long MIN_PAUSE = Duration.ofMillis(50).toNanos();
    private static final long MAX_PAUSE = Duration.ofSeconds(1).toNanos();
    private static final long BEAT = Duration.ofSeconds(15).toNanos();

    private final SyncStateRepository states;
    private final StateFeed board;
    private final Set<EventStream> streams = ConcurrentHashMap.newKeySet();
    private final AtomicBoolean woken = new AtomicBoolean();

    private final ReentrantLock looking = new ReentrantLock();
    private final AtomicLong begun = new AtomicLong();
    private volatile @Nullable RuntimeException failure;

    private volatile boolean running;
    private volatile @Nullable Thread thread;

    StatePoller(SyncStateRepository states, JsonMapper json) {
        this.states = states;
        this.board = new StateFeed(json);
    }

    /**
     * Answers with a stream that begins with every state as it is now.
     *
     * @throws org.springframework.dao.DataAccessResourceFailureException while the database does not answer
     */
    void open(HttpServletRequest request, HttpServletResponse response) throws IOException {
        lookNow();
        EventStream stream = EventStream.answer(request, response, board, streams::remove);
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

    @EventListener
    void changed(SyncStateChanged change) {
        if (!streams.isEmpty()) {
            wake();
        }
    }

    private void wake() {
        if (woken.compareAndSet(false, true)) {
            LockSupport.unpark(thread);
        }
    }

    private void watch() {
        long nextBeat = System.nanoTime() + BEAT;
        while (running) {
            woken.set(false);
            if (streams.isEmpty()) {
                forget();
                rest(Long.MAX_VALUE, true);
                nextBeat = System.nanoTime() + BEAT;
                continue;
            }
            long start = System.nanoTime();
            look();
            boolean beat = start - nextBeat >= 0;
            streams.forEach(beat ? EventStream::beat : EventStream::send);
            if (beat) {
                nextBeat = start + BEAT;
            }
            long took = System.nanoTime() - start;
            long quiet = failure == null ? Math.min(Math.max(MIN_PAUSE, 9 * took), MAX_PAUSE) : MAX_PAUSE;
            rest(quiet, false);
            rest(PERIOD - took - quiet, true);
        }
    }

    /** Nobody listens; whoever is about to looks for himself, and so is not forgotten. */
    private void forget() {
        looking.lock();
        try {
            if (streams.isEmpty()) {
                board.clear();
            }
        } finally {
            looking.unlock();
        }
    }

    private void rest(long nanos, boolean wakeable) {
        long start = System.nanoTime();
        for (long left = nanos; left > 0 && running; left = nanos - (System.nanoTime() - start)) {
            if (wakeable && woken.get()) {
                return;
            }
            LockSupport.parkNanos(left);
        }
    }

    /** Looks, unless somebody began to after this was called: any number who ask at the same moment share one look. */
    private void lookNow() {
        long asked = begun.get();
        looking.lock();
        try {
            if (begun.get() == asked) {
                look();
            }
            RuntimeException failed = failure;
            if (failed != null) {
                throw failed;
            }
        } finally {
            looking.unlock();
        }
    }

    private void look() {
        looking.lock();
        try {
            begun.incrementAndGet();
            List<StateVersion> versions = states.versions();
            Set<String> changed = board.changed(versions);
            board.update(versions, changed.isEmpty() ? List.of() : states.find(changed));
            if (failure != null) {
                log.info("The event streams see the states again");
            }
            failure = null;
        } catch (RuntimeException e) {
            // Whatever it is, the streams say that they see nothing, and the next look may succeed.
            if (failure == null && running) {
                log.warn("The event streams do not see the states: {}", e.getMessage());
            }
            failure = e;
            board.away(Instant.now());
        } finally {
            looking.unlock();
        }
    }

    @Override
    public void start() {
        running = true;
        var watching = new Thread(this::watch, "watcher");
        watching.setDaemon(true);
        thread = watching;
        watching.start();
    }

    /** Ends the streams first of all, or the server would wait for their readers to leave. */
    @Override
    public void stop() {
        running = false;
        LockSupport.unpark(thread);
        streams.forEach(EventStream::end);
    }

    @Override
    public boolean isRunning() {
        return running;
    }

    @Override
    public int getPhase() {
        return Integer.MAX_VALUE;
    }
}
