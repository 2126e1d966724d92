package com.vantage.syncstate.http;

import java.time.Duration;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;

/** So many bytes, of so many requests, at a time. */
final class Share {

    private final Semaphore kibibytes;
    private final Semaphore requests;
    private final int all;

    Share(long bytes, int requests) {
        this.all = kibibytes(bytes);
        this.kibibytes = new Semaphore(all, true);
        this.requests = new Semaphore(requests);
    }

    /**
     * Takes what one request holds; to be given back by closing.
     *
     * @param bytes of one that is larger than the share: all of it
     * @param patience for how long it waits for others to give back, in the order in which they came
     * @throws Overloaded where they have not by then
     */
    Claim claim(long bytes, Duration patience, String refusal) {
        int size = Math.min(kibibytes(bytes), all);
        if (!requests.tryAcquire()) {
            throw new Overloaded(refusal);
        }
        if (!acquire(size, patience)) {
            requests.release();
            throw new Overloaded(refusal);
        }
        return () -> {
            kibibytes.release(size);
            requests.release();
        };
    }

    private boolean acquire(int size, Duration patience) {
        try {
            return patience.isZero()
                    ? kibibytes.tryAcquire(size)
                    : kibibytes.tryAcquire(size, patience.toNanos(), TimeUnit.NANOSECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }

    /** At least one, so that nothing is free. */
    private static int kibibytes(long bytes) {
        return (int) Math.max(1, Math.min(bytes >> 10, Integer.MAX_VALUE));
    }

    /** What one request holds. */
    interface Claim extends AutoCloseable {

        @Override
        void close();
    }
}
