package com.vantage.syncstate.live;

import com.vantage.syncstate.support.ApiClient;
import java.io.ByteArrayOutputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodySubscriber;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Flow;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Reads a stream as a browser would, any number of them by a few threads. */
final class EventStreamReader implements BodySubscriber<Void>, AutoCloseable {

    private static final HttpClient CLIENT = HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .connectTimeout(Duration.ofSeconds(20))
            .build();
    private static final JsonMapper JSON = new JsonMapper();

    private final BlockingQueue<Event> events = new LinkedBlockingQueue<>();
    private final BlockingQueue<Event> incidents = new LinkedBlockingQueue<>();
    private final CompletableFuture<Integer> status = new CompletableFuture<>();
    private final CompletableFuture<Void> end = new CompletableFuture<>();
    private final ByteArrayOutputStream line = new ByteArrayOutputStream();
    private List<String> lines = new ArrayList<>();
    private Flow.Subscription subscription;
    private CompletableFuture<HttpResponse<Void>> answer;

    static EventStreamReader of(ApiClient api) {
        var reader = new EventStreamReader();
        var request =
                HttpRequest.newBuilder(URI.create(api.base() + "/sync-states")).header("Accept", "text/event-stream");
        if (!api.headers().isEmpty()) {
            request.headers(api.headers().toArray(String[]::new));
        }
        reader.answer = CLIENT.sendAsync(request.build(), info -> {
            reader.status.complete(info.statusCode());
            return reader;
        });
        reader.answer = reader.answer.whenComplete((response, failure) -> {
            if (failure != null) {
                reader.status.completeExceptionally(failure);
            }
        });
        return reader;
    }

    int status() throws Exception {
        return status.get(20, TimeUnit.SECONDS);
    }

    /** The next incident of this resource; they come when the alerts are evaluated, and so stand apart from the others. */
    Event incident(String resource) throws Exception {
        Event event;
        do {
            event = incidents.poll(20, TimeUnit.SECONDS);
            if (event == null) {
                throw new AssertionError("No incident of " + resource + " within 20 s");
            }
        } while (!event.json().get("resource").asString().equals(resource));
        return event;
    }

    /** The next event that is no incident; fails where none comes in time. */
    Event next() throws Exception {
        Event event = events.poll(20, TimeUnit.SECONDS);
        if (event == null) {
            throw new AssertionError("No event within 20 s; the stream " + (end.isDone() ? "has ended" : "is open"));
        }
        return event;
    }

    /** The next event of this name; others before it, and comments, are passed over for a minute at most. */
    Event next(String name) throws Exception {
        long start = System.nanoTime();
        for (Event event = next(); System.nanoTime() - start < TimeUnit.MINUTES.toNanos(1); event = next()) {
            if (event.name().equals(name)) {
                return event;
            }
        }
        throw new AssertionError("No " + name + " within a minute");
    }

    /** The first state of this resource, and those after it, until one has this status. */
    Event state(String resource, String status) throws Exception {
        for (Event event = next("sync-state"); ; event = next("sync-state")) {
            if (event.json().get("resource").asString().equals(resource)
                    && event.json().get("last_sync_status").asString().equals(status)) {
                return event;
            }
        }
    }

    boolean hasEnded() {
        return end.isDone();
    }

    @Override
    public void onSubscribe(Flow.Subscription subscription) {
        this.subscription = subscription;
        subscription.request(Long.MAX_VALUE);
    }

    /** By hand: the JDK's own line subscriber begins anew at every piece of a line, and a line may have 8 MB. */
    @Override
    public void onNext(List<ByteBuffer> pieces) {
        for (ByteBuffer piece : pieces) {
            byte[] bytes = new byte[piece.remaining()];
            piece.get(bytes);
            int from = 0;
            for (int at = 0; at < bytes.length; at++) {
                if (bytes[at] == '\n') {
                    line.write(bytes, from, at - from);
                    line(line.toString(StandardCharsets.UTF_8));
                    line.reset();
                    from = at + 1;
                }
            }
            line.write(bytes, from, bytes.length - from);
        }
    }

    private void line(String text) {
        if (!text.isEmpty()) {
            lines.add(text);
        } else {
            Event event = Event.of(lines);
            (event.name().equals("incident") ? incidents : events).add(event);
            lines = new ArrayList<>();
        }
    }

    @Override
    public CompletionStage<Void> getBody() {
        return end;
    }

    @Override
    public void onError(Throwable failure) {
        end.complete(null);
    }

    @Override
    public void onComplete() {
        end.complete(null);
    }

    @Override
    public void close() {
        if (subscription != null) {
            subscription.cancel();
        }
    }

    /** One event, or a comment, whose name is {@code :}. */
    record Event(String name, String id, String retry, String data) {

        static Event of(List<String> lines) {
            return lines.get(0).startsWith(":")
                    ? new Event(":", null, null, lines.get(0).substring(1).strip())
                    : new Event(field(lines, "event"), field(lines, "id"), field(lines, "retry"), field(lines, "data"));
        }

        JsonNode json() {
            return JSON.readTree(data);
        }

        private static String field(List<String> lines, String name) {
            return lines.stream()
                    .filter(line -> line.startsWith(name + ": "))
                    .map(line -> line.substring(name.length() + 2))
                    .findFirst()
                    .orElse(null);
        }
    }
}
