package com.vantage.syncstate.http;

import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import org.apache.catalina.connector.Request;
import org.apache.coyote.ActionCode;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpHeaders;

/**
 * The body of a request, of which an answer may leave something unread.
 *
 * <p>The rest is read before the answer, as long as it arrives at a good rate, so that the connection can be used again.
 * Where it trickles, the answer says that the connection is closed, and nothing more is read: the server itself would wait
 * for it, and a few hundred such bodies, which need no key, would hold every thread.
 */
final class UnreadBody {

    private static final String ATTRIBUTE = UnreadBody.class.getName();

    private static final long GRACE = Duration.ofMillis(250).toNanos();
    private static final long MIN_BYTES_PER_SECOND = 128 * 1024;
    private static final long PATIENCE = Duration.ofSeconds(10).toNanos();
    private static final long SECOND = Duration.ofSeconds(1).toNanos();
    private static final long MIN_PAUSE = Duration.ofMillis(1).toNanos();
    private static final long MAX_PAUSE = Duration.ofMillis(50).toNanos();
    private static final int MAX_BYTES = 16 << 20;

    /**
     * So many wait at a time. What comes beyond that, when a thousand trickle at once, has no grace: before Java 21 each that
     * waits holds a thread, and all other calls would wait for those.
     */
    private static final Semaphore WAITING = new Semaphore(50);

    private final Request request;

    private long drained;
    private boolean isSettled;
    private boolean ends;

    private UnreadBody(Request request) {
        this.request = request;
    }

    /** Notes in a request that it has one, unless an earlier dispatch of it did. */
    static UnreadBody note(Request request) {
        UnreadBody noted = of(request);
        if (noted != null) {
            return noted;
        }
        var body = new UnreadBody(request);
        request.setAttribute(ATTRIBUTE, body);
        return body;
    }

    /** That of a request; null where it has no body. */
    static @Nullable UnreadBody of(HttpServletRequest request) {
        return (UnreadBody) request.getAttribute(ATTRIBUTE);
    }

    /** To be called before anything of the answer is sent; waits for the rest at the first call alone. */
    void settle(HttpServletResponse response) {
        if (!isSettled) {
            isSettled = true;
            // A caller who waits for a sign before they send it gets the answer for one.
            boolean waits = request.getHeader(HttpHeaders.EXPECT) != null;
            ends = !isRead() && (waits || !(isDrained() || whileFewWait(this::arrives)));
        }
        if (ends) {
            response.setHeader(HttpHeaders.CONNECTION, "close");
        }
    }

    /** Afterwards: closes the connection of an answer that has said so. */
    void giveUp() {
        if (!isRead()) {
            request.getCoyoteRequest().action(ActionCode.DISABLE_SWALLOW_INPUT, null);
        }
    }

    /** Whether more of it, or its end, is there or comes within the grace that a body has. */
    boolean comesSoon() {
        return isRead()
                || isAvailable()
                || whileFewWait(() -> {
                    long start = System.nanoTime();
                    while (!isRead() && !isAvailable()) {
                        long waited = System.nanoTime() - start;
                        if (waited > GRACE) {
                            return false;
                        }
                        pause(waited);
                    }
                    return true;
                });
    }

    private static boolean whileFewWait(BooleanSupplier wait) {
        if (!WAITING.tryAcquire()) {
            return false;
        }
        try {
            return wait.getAsBoolean();
        } finally {
            WAITING.release();
        }
    }

    private boolean isRead() {
        var read = new AtomicBoolean();
        request.getCoyoteRequest().action(ActionCode.REQUEST_BODY_FULLY_READ, read);
        return read.get();
    }

    /** Reads what is there of the rest, and not more than anybody needs; whether that was all. */
    private boolean isDrained() {
        byte[] buffer = new byte[8 * 1024];
        try {
            while (!isRead() && isAvailable() && drained <= MAX_BYTES) {
                drained += Math.max(request.getStream().read(buffer), 0);
            }
            return isRead();
        } catch (IOException | RuntimeException e) {
            drained = MAX_BYTES + 1;
            return false;
        }
    }

    /** Reads the rest; whether all of it came in time. */
    private boolean arrives() {
        long start = System.nanoTime();
        while (!isDrained()) {
            long allowed = Math.min(GRACE + drained * SECOND / MIN_BYTES_PER_SECOND, PATIENCE);
            long waited = System.nanoTime() - start;
            if (waited > allowed || drained > MAX_BYTES) {
                return false;
            }
            pause(waited);
        }
        return true;
    }

    /** Most come at once; to look every few milliseconds for the others took a quarter of what their refusal costs. */
    private static void pause(long waited) {
        LockSupport.parkNanos(Math.min(Math.max(waited, MIN_PAUSE), MAX_PAUSE));
    }

    /** Whether there is something to read; takes from the connection what has arrived, and does not wait. */
    private boolean isAvailable() {
        request.getCoyoteRequest().action(ActionCode.AVAILABLE, true);
        return request.getCoyoteRequest().getAvailable() > 0;
    }
}
