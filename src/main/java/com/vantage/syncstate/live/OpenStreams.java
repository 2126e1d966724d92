package com.vantage.syncstate.live;

import com.vantage.syncstate.security.Caller;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.time.Instant;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/** The streams that are open: as many as the service and each caller may have, each until its client or its token ends. */
final class OpenStreams {

    private final Set<EventStream> streams = ConcurrentHashMap.newKeySet();
    private final StreamLimits limits;
    private final long heartbeat;
    private long nextHeartbeat = System.nanoTime();

    OpenStreams(LiveProperties properties) {
        this.limits = new StreamLimits(properties);
        this.heartbeat = properties.heartbeat().toNanos();
    }

    /**
     * Answers with a stream, which has yet to begin.
     *
     * @param poll brings the feed up to date; where it fails, no stream is opened
     * @throws com.vantage.syncstate.error.RequestRejected {@code overloaded}
     */
    EventStream open(
            HttpServletRequest request, HttpServletResponse response, Caller caller, StateFeed feed, Runnable poll)
            throws IOException {
        limits.open(caller);
        try {
            poll.run();
            var stream = new EventStream(request, response, feed, caller.until(), ended -> {
                streams.remove(ended);
                limits.close(caller);
            });
            streams.add(stream);
            return stream;
        } catch (IOException | RuntimeException e) {
            limits.close(caller);
            throw e;
        }
    }

    boolean isEmpty() {
        return streams.isEmpty();
    }

    int size() {
        return streams.size();
    }

    /** Sends each what it has yet to see, or a sign of life where one is due, and ends those whose token has ended. */
    void send() {
        Instant now = Instant.now();
        streams.forEach(stream -> {
            if (stream.isPast(now)) {
                stream.end();
            }
        });
        long start = System.nanoTime();
        boolean due = start - nextHeartbeat >= 0;
        streams.forEach(due ? EventStream::heartbeat : EventStream::send);
        if (due) {
            postponeHeartbeat();
        }
    }

    /** The next sign of life is due a whole period from now. */
    void postponeHeartbeat() {
        nextHeartbeat = System.nanoTime() + heartbeat;
    }

    void end() {
        streams.forEach(EventStream::end);
    }
}
