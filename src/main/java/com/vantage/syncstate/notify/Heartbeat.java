package com.vantage.syncstate.notify;

import com.vantage.syncstate.incident.AlertsEvaluated;
import com.vantage.syncstate.notify.Channel.Setting;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import java.net.URI;
import java.time.Duration;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.beans.factory.DisposableBean;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.context.event.EventListener;
import org.springframework.stereotype.Component;

/** Calls an address once a minute while alerts are evaluated here, so that somebody else notices when they no longer are. */
@Component
class Heartbeat implements DisposableBean {

    private static final Logger log = LoggerFactory.getLogger(Heartbeat.class);

    /** A minute, but for the seconds between two evaluations. */
    private static final Duration INTERVAL = Duration.ofSeconds(57);

    private final @Nullable URI url;
    private final boolean allowPrivate;
    private final HttpSender http;
    private final MeterRegistry meters;
    private final LongSupplier nanoTime;
    private final ExecutorService caller = Executors.newSingleThreadExecutor(task -> {
        var thread = new Thread(task, "heartbeat");
        thread.setDaemon(true);
        return thread;
    });

    /** Null before the first. */
    private volatile @Nullable Long last;

    private boolean failing;

    @Autowired
    Heartbeat(HeartbeatProperties properties, HttpSender http, MeterRegistry meters) {
        this(properties, http, meters, System::nanoTime);
    }

    Heartbeat(HeartbeatProperties properties, HttpSender http, MeterRegistry meters, LongSupplier nanoTime) {
        String text = properties.heartbeatUrl();
        this.allowPrivate = properties.heartbeatAllowPrivate();
        this.url = text == null || text.isBlank()
                ? null
                : Channel.url(new Setting("vantage.notify.heartbeat-"), text, allowPrivate);
        this.http = http;
        this.meters = meters;
        this.nanoTime = nanoTime;
    }

    /** Never waits for who is called. */
    @EventListener
    void evaluated(AlertsEvaluated evaluation) {
        URI called = url;
        Long before = last;
        long now = nanoTime.getAsLong();
        if (called != null && (before == null || now - before >= INTERVAL.toNanos())) {
            last = now;
            caller.execute(() -> call(called));
        }
    }

    private void call(URI called) {
        String error = http.get(called, allowPrivate).error();
        Counter.builder("vantage.heartbeats")
                .description("Calls of the heartbeat URL by outcome")
                .tag("outcome", error == null ? "sent" : "failed")
                .register(meters)
                .increment();
        // Once for an outage: the log is not to fill up.
        if (error != null && !failing) {
            log.warn("Heartbeat failed; whoever expects it may raise an alarm. Retrying each minute: {}", error);
        } else if (error == null && failing) {
            log.info("Heartbeat recovered");
        }
        failing = error != null;
    }

    @Override
    public void destroy() {
        caller.shutdownNow();
    }
}
