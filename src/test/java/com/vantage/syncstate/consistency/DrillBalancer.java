package com.vantage.syncstate.consistency;

import com.vantage.syncstate.support.ApiClient;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Sends requests at an even rate to those instances that say that they are ready, in turn, as a balancer does that asks for
 * that twice a second. It repeats none.
 */
final class DrillBalancer implements AutoCloseable {

    private static final int BETWEEN_PROBES_MILLIS = 500;
    private static final Duration PATIENCE = Duration.ofSeconds(10);

    private final HttpClient client = HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .connectTimeout(Duration.ofSeconds(2))
            .build();
    private final ScheduledExecutorService threads = Executors.newScheduledThreadPool(2);
    private final AtomicInteger sent = new AtomicInteger();
    private final Queue<Future<?>> underWay = new ConcurrentLinkedQueue<>();
    private final Queue<String> failures = new ConcurrentLinkedQueue<>();
    private final Queue<Duration> times = new ConcurrentLinkedQueue<>();
    private final List<ApiClient> instances;
    private volatile List<ApiClient> ready;

    /** Begins. */
    DrillBalancer(List<ApiClient> instances, int requestsPerSecond) {
        this.instances = instances;
        ready = instances;
        underWay.add(threads.scheduleWithFixedDelay(this::probe, 0, BETWEEN_PROBES_MILLIS, TimeUnit.MILLISECONDS));
        underWay.add(threads.scheduleAtFixedRate(this::send, 0, 1_000_000L / requestsPerSecond, TimeUnit.MICROSECONDS));
    }

    int sent() {
        return sent.get();
    }

    Queue<String> failures() {
        return failures;
    }

    Duration slowest() {
        return times.stream().reduce(Duration.ZERO, (one, other) -> one.compareTo(other) > 0 ? one : other);
    }

    private void probe() {
        ready = instances.stream().filter(DrillBalancer::isReady).toList();
    }

    private static boolean isReady(ApiClient instance) {
        try {
            return instance.within(Duration.ofSeconds(2))
                            .get("/actuator/health/readiness")
                            .status()
                    == 200;
        } catch (IllegalStateException e) {
            return false;
        }
    }

    private void send() {
        List<ApiClient> now = ready;
        int number = sent.getAndIncrement();
        if (now.isEmpty()) {
            failures.add("no instance is ready");
            return;
        }
        ApiClient instance = now.get(number % now.size());
        // A write is not repeated by the client of HTTP either.
        boolean writes = number / 2 % 2 == 0;
        HttpRequest request = HttpRequest.newBuilder(
                        URI.create(instance.base() + "/sync-states/balanced" + (writes ? "/progress" : "")))
                .timeout(PATIENCE)
                .headers(instance.headers().toArray(String[]::new))
                .method(writes ? "POST" : "GET", BodyPublishers.noBody())
                .build();
        long begun = System.nanoTime();
        underWay.add(client.sendAsync(request, BodyHandlers.ofString()).handle((answer, failure) -> {
            times.add(Duration.ofNanos(System.nanoTime() - begun));
            if (failure != null) {
                failures.add(request + ": " + failure);
            } else if (answer.statusCode() != 200) {
                failures.add(request + ": " + answer.statusCode() + " " + answer.body());
            }
            return null;
        }));
    }

    /** Sends no more, and waits for what is under way. */
    void end() throws InterruptedException {
        threads.shutdownNow();
        threads.awaitTermination(PATIENCE.toMillis(), TimeUnit.MILLISECONDS);
        long deadline = System.nanoTime() + PATIENCE.toNanos();
        while (!underWay.stream().allMatch(Future::isDone) && System.nanoTime() < deadline) {
            TimeUnit.MILLISECONDS.sleep(20);
        }
    }

    @Override
    public void close() {
        threads.shutdownNow();
    }
}
