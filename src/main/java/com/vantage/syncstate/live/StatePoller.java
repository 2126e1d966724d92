package com.vantage.syncstate.live;

import com.vantage.syncstate.incident.IncidentRepository;
import com.vantage.syncstate.security.Caller;
import com.vantage.syncstate.sync.SyncStateChanged;
import com.vantage.syncstate.sync.SyncStateRepository;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.LockSupport;
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

    private final StateFeed feed;
    private final FeedUpdater updater;
    private final OpenStreams streams;
    private final List<StateListener> listeners = new CopyOnWriteArrayList<>();
    private final AtomicBoolean woken = new AtomicBoolean();

    private volatile boolean running;
    private volatile @Nullable Thread thread;

    StatePoller(
            SyncStateRepository states,
            IncidentRepository incidents,
            JsonMapper json,
            LiveProperties properties,
            MeterRegistry meters) {
        this.feed = new StateFeed(json);
        this.updater = new FeedUpdater(states, incidents, feed, this::isRunning);
        this.streams = new OpenStreams(properties);
        Gauge.builder("vantage.streams.open", this::streams)
                .description("Event streams that are open at this moment")
                .register(meters);
    }

    /**
     * Answers with a stream that begins with every state as it is now, and ends when the caller's token does.
     *
     * @throws com.vantage.syncstate.error.RequestRejected {@code overloaded}
     * @throws org.springframework.dao.DataAccessResourceFailureException while the database does not answer
     */
    void open(HttpServletRequest request, HttpServletResponse response, Caller caller) throws IOException {
        EventStream stream = streams.open(request, response, caller, feed, updater::updateNow);
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
        streams.postponeHeartbeat();
        while (running) {
            woken.set(false);
            if (isIdle()) {
                updater.discardIf(this::isIdle);
                pause(Long.MAX_VALUE, true);
                streams.postponeHeartbeat();
                continue;
            }
            long start = System.nanoTime();
            updater.update();
            notifyListeners();
            streams.send();
            long took = System.nanoTime() - start;
            long quiet = updater.failed() ? MAX_PAUSE : Math.min(Math.max(MIN_PAUSE, 9 * took), MAX_PAUSE);
            pause(quiet, false);
            pause(PERIOD - took - quiet, true);
        }
    }

    private void notifyListeners() {
        Set<String> changed = updater.takeChanged();
        listeners.stream().filter(StateListener::isWaiting).forEach(listener -> listener.polled(changed));
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
        streams.end();
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
