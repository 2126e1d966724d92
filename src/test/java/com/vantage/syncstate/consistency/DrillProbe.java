package com.vantage.syncstate.consistency;

import com.vantage.syncstate.support.ApiClient;
import com.vantage.syncstate.support.ApiClient.Response;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** Reads a state again and again, and asks whether the instance lives, until it is stopped. */
final class DrillProbe implements AutoCloseable {

    private static final int READERS = 6;

    private final ExecutorService threads = Executors.newFixedThreadPool(READERS + 1);
    private final ConcurrentLinkedQueue<Answer> reads = new ConcurrentLinkedQueue<>();
    private final ConcurrentLinkedQueue<Answer> lives = new ConcurrentLinkedQueue<>();
    private volatile boolean ending;

    DrillProbe(ApiClient service) {
        this(service, service);
    }

    /** @param actuator where the instance says whether it lives */
    DrillProbe(ApiClient service, ApiClient actuator) {
        for (int reader = 0; reader < READERS; reader++) {
            threads.execute(() -> ask(service, "/sync-states/accounts", reads));
        }
        threads.execute(() -> ask(actuator, "/actuator/health/liveness", lives));
    }

    List<Answer> reads() {
        return new ArrayList<>(reads);
    }

    List<Answer> lives() {
        return new ArrayList<>(lives);
    }

    /** How long after a moment the first read that began then succeeded; null where none has within so long. */
    @Nullable
    Duration successAfter(long moment, Duration patience) throws InterruptedException {
        while (System.nanoTime() - moment < patience.toNanos()) {
            for (Answer read : reads) {
                if (read.status() == 200 && read.begun() - moment >= 0) {
                    return Duration.ofNanos(read.begun() + read.took().toNanos() - moment);
                }
            }
            TimeUnit.MILLISECONDS.sleep(10);
        }
        return null;
    }

    /** How many reads that began at a moment or later were no success. */
    long unavailableAfter(long moment) {
        return reads.stream()
                .filter(read -> read.begun() - moment >= 0 && read.status() != 200)
                .count();
    }

    /** What 99 of 100 reads took at most that began between two moments. */
    Duration p99(long from, long to) {
        List<Duration> sorted = reads.stream()
                .filter(read -> read.begun() - from >= 0 && read.begun() - to < 0)
                .map(Answer::took)
                .sorted()
                .toList();
        if (sorted.isEmpty()) {
            throw new IllegalStateException("Nothing was read");
        }
        return sorted.get(sorted.size() * 99 / 100);
    }

    private void ask(ApiClient service, String path, ConcurrentLinkedQueue<Answer> answers) {
        while (!ending) {
            long begun = System.nanoTime();
            Answer answer;
            try {
                Response response = service.get(path);
                answer = new Answer(begun, since(begun), response.status(), response.problem());
            } catch (IllegalStateException e) {
                answer = new Answer(begun, since(begun), 0, null);
            }
            answers.add(answer);
            try {
                TimeUnit.MILLISECONDS.sleep(20);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                return;
            }
        }
    }

    private static Duration since(long moment) {
        return Duration.ofNanos(System.nanoTime() - moment);
    }

    @Override
    public void close() {
        ending = true;
        threads.shutdownNow();
    }

    /**
     * One of them.
     *
     * @param status 0 where there was none
     */
    record Answer(
            long begun, Duration took, int status, @Nullable String problem) {

        /** A success, or the refusal that says that the database is away. */
        boolean isRight() {
            return status == 200 || (status == 503 && "database-unavailable".equals(problem));
        }
    }
}
