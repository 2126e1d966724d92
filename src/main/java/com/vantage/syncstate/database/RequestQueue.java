package com.vantage.syncstate.database;

import com.vantage.syncstate.error.ProblemType;
import com.vantage.syncstate.error.RequestRejected;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.Duration;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.springframework.dao.DataAccessResourceFailureException;
import org.springframework.transaction.support.TransactionSynchronizationManager;
import org.springframework.web.context.request.RequestContextHolder;

/**
 * Lets requests work with a pool in the order in which they came, no more at a time than it has connections for; those that
 * come when too many wait are refused at once.
 *
 * <p>The pool itself serves in no order, so that under load some would wait ten times as long as others. Two of its
 * connections are left to the service's own work, which never waits here.
 */
public final class RequestQueue {

    /** As long as the pool would wait for a connection. */
    private static final Duration PATIENCE = Duration.ofSeconds(1);

    private static final int CONNECTIONS_OF_THE_SERVICE = 2;

    private static final ThreadLocal<Boolean> OUT_OF_TURN = ThreadLocal.withInitial(() -> false);

    private final String pool;
    private final int limit;
    private final int maxQueued;
    private final Duration patience;
    private final Semaphore places;
    private final AtomicInteger queued = new AtomicInteger();

    RequestQueue(String pool, int connections, int maxQueued) {
        this(pool, connections, maxQueued, PATIENCE);
    }

    /** @param patience after which whoever waits takes the database for unavailable */
    RequestQueue(String pool, int connections, int maxQueued, Duration patience) {
        this.pool = pool;
        this.limit = Math.max(1, connections - CONNECTIONS_OF_THE_SERVICE);
        this.maxQueued = maxQueued;
        this.patience = patience;
        this.places = new Semaphore(limit, true);
    }

    /** Does what a request needs done although it is no work of that request alone, such as a read that all streams share. */
    public static void outOfTurn(Runnable work) {
        boolean before = OUT_OF_TURN.get();
        OUT_OF_TURN.set(true);
        try {
            work.run();
        } finally {
            OUT_OF_TURN.set(before);
        }
    }

    /**
     * Does the work of a request when it is its turn, and any other at once.
     *
     * @throws RequestRejected {@code overloaded}
     * @throws DataAccessResourceFailureException where nobody has finished for too long
     */
    <T extends @Nullable Object> T inTurn(Supplier<T> work) {
        if (RequestContextHolder.getRequestAttributes() == null
                || OUT_OF_TURN.get()
                // It has its connection, for which others may wait.
                || TransactionSynchronizationManager.isActualTransactionActive()) {
            return work.get();
        }
        enter();
        try {
            return work.get();
        } finally {
            places.release();
        }
    }

    private void enter() {
        try {
            // Unlike the one without a time, this one passes nobody who waits.
            if (places.tryAcquire(0, TimeUnit.SECONDS)) {
                return;
            }
            boolean entered = queued.incrementAndGet() <= maxQueued;
            try {
                if (!entered) {
                    throw new RequestRejected(
                            ProblemType.OVERLOADED,
                            "As many requests wait for the database as may at a time"
                                    + " (vantage.datasource.max-queued-requests: " + maxQueued
                                    + "); nothing was done. Call again after Retry-After.",
                            RequestRejected.Details.NONE);
                }
                if (!places.tryAcquire(patience.toNanos(), TimeUnit.NANOSECONDS)) {
                    throw new DataAccessResourceFailureException(
                            "The " + pool + " pool has answered no request for " + patience.toMillis() + " ms");
                }
            } finally {
                queued.decrementAndGet();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new DataAccessResourceFailureException("Interrupted while waiting for the database", e);
        }
    }

    void bindTo(MeterRegistry meters) {
        Gauge.builder("vantage.requests.working", () -> limit - places.availablePermits())
                .description("Requests that the database works for at this moment")
                .tag("pool", pool)
                .register(meters);
        Gauge.builder("vantage.requests.queued", queued::get)
                .description("Requests that wait for the database at this moment")
                .tag("pool", pool)
                .register(meters);
    }
}
