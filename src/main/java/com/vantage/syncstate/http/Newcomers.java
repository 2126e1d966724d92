package com.vantage.syncstate.http;

import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;

/**
 * The connections whose first request has not been served yet: so few at a time that a thousand that come at once do not
 * stand before the requests of those who are connected already.
 *
 * <p>One whose request waits, for the rest of its body or for the database, counts for a moment alone, and so does one that
 * sends nothing.
 *
 * @param <C> a connection
 */
final class Newcomers<C> {

    /** A few times as long as the processor works for a request. */
    private static final Duration MOMENT = Duration.ofMillis(2);

    private final Semaphore room;
    private final long moment;
    private final ConcurrentMap<C, Long> unserved = new ConcurrentHashMap<>();

    /**
     * @param limit how many at a time
     * @param moment for how long one counts that is not served
     */
    Newcomers(int limit, Duration moment) {
        this.room = new Semaphore(limit);
        this.moment = moment.toNanos();
    }

    static <C> Newcomers<C> asManyAsProcessors() {
        return new Newcomers<>(Runtime.getRuntime().availableProcessors(), MOMENT);
    }

    /** Waits until there is room for one more, which is a moment at most. For one thread alone, like {@link #add}. */
    void awaitRoom() throws InterruptedException {
        while (room.availablePermits() == 0) {
            Map.Entry<C, Long> oldest = unserved.entrySet().stream()
                    .min(Map.Entry.comparingByValue())
                    .orElse(null);
            if (oldest == null) {
                return;
            }
            long left = oldest.getValue() + moment - System.nanoTime();
            if (room.tryAcquire(left, TimeUnit.NANOSECONDS)) {
                room.release();
            } else {
                remove(oldest.getKey());
            }
        }
    }

    void add(C connection) {
        room.acquireUninterruptibly();
        unserved.put(connection, System.nanoTime());
    }

    /** Once it has been served for the first time; any other time changes nothing. */
    void remove(C connection) {
        if (unserved.remove(connection) != null) {
            room.release();
        }
    }
}
