package com.vantage.syncstate.incident;

import java.time.Duration;
import java.util.OptionalInt;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.context.ApplicationEventPublisher;
import org.springframework.context.SmartLifecycle;
import org.springframework.core.NestedExceptionUtils;
import org.springframework.stereotype.Component;

/**
 * Evaluates the alerts every few seconds, on every instance: the database lets one of them do it at a time, and the next
 * as soon as that one is gone.
 */
@Component
class AlertEvaluator implements SmartLifecycle {

    private static final Logger log = LoggerFactory.getLogger(AlertEvaluator.class);

    /** What takes well under the statement timeout. */
    private static final int BATCH = 500;

    /** Due times are planned hours ahead. */
    private static final Duration BETWEEN_FILLINGS = Duration.ofMinutes(1);

    private static final Duration MAX_STOP = Duration.ofSeconds(3);

    private final IncidentRepository incidents;
    private final ApplicationEventPublisher events;
    private final Duration interval;
    private volatile boolean running;
    private volatile @Nullable Thread thread;
    private boolean failing;
    private long filled = System.nanoTime() - BETWEEN_FILLINGS.toNanos();

    AlertEvaluator(IncidentRepository incidents, ApplicationEventPublisher events, IncidentProperties properties) {
        this.incidents = incidents;
        this.events = events;
        this.interval = properties.interval();
    }

    /** Evaluates until nothing is left to find; false where another instance is at it, or the database takes no writes. */
    boolean evaluate() {
        OptionalInt found = OptionalInt.of(BATCH);
        boolean changed = false;
        while (found.orElse(0) == BATCH) {
            found = incidents.evaluate(BATCH);
            changed |= found.orElse(0) > 0;
        }
        if (changed) {
            events.publishEvent(new IncidentsChanged());
        }
        return found.isPresent();
    }

    private void run() {
        while (running) {
            long start = System.nanoTime();
            try {
                // Before the alerts: what was due while nothing ran is planned only now.
                if (start - filled >= BETWEEN_FILLINGS.toNanos()) {
                    incidents.fillDue();
                    filled = start;
                }
                if (evaluate()) {
                    events.publishEvent(new AlertsEvaluated());
                }
                if (failing) {
                    log.info("Alert evaluation recovered; incidents open and close again");
                }
                failing = false;
            } catch (Throwable e) {
                // Whatever it is, the next one may succeed. Once for an outage: the log is not to fill up.
                if (!failing && running) {
                    log.warn(
                            "Alert evaluation failed; no incident opens or closes here. Retrying automatically: {}",
                            NestedExceptionUtils.getMostSpecificCause(e).getMessage());
                }
                failing = true;
            }
            pause(interval.toNanos() - (System.nanoTime() - start));
        }
    }

    private void pause(long nanos) {
        long start = System.nanoTime();
        for (long left = nanos; left > 0 && running; left = nanos - (System.nanoTime() - start)) {
            LockSupport.parkNanos(left);
        }
    }

    @Override
    public void start() {
        running = true;
        var evaluator = new Thread(this::run, "alert-evaluator");
        evaluator.setDaemon(true);
        thread = evaluator;
        evaluator.start();
    }

    /** What is under way ends, before its connection is closed. */
    @Override
    public void stop() {
        running = false;
        Thread evaluator = thread;
        if (evaluator == null) {
            return;
        }
        LockSupport.unpark(evaluator);
        try {
            evaluator.join(MAX_STOP.toMillis());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    @Override
    public boolean isRunning() {
        return running;
    }
}
