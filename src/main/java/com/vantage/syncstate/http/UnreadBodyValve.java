package com.vantage.syncstate.http;

import jakarta.servlet.ServletException;
import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.LockSupport;
import org.apache.catalina.connector.Request;
import org.apache.catalina.connector.Response;
import org.apache.catalina.valves.ValveBase;
import org.apache.coyote.ActionCode;

/**
 * Reads the rest of a body that an answer did not wait for, as long as it arrives at a good rate, so that its caller reads
 * the answer instead of a reset connection. Where it trickles, the connection is closed: the server would wait for it, and
 * a few hundred such bodies, which need no key, would hold every thread.
 */
final class UnreadBodyValve extends ValveBase {

    private static final long GRACE = Duration.ofMillis(250).toNanos();
    private static final long MIN_BYTES_PER_SECOND = 128 * 1024;
    private static final long SECOND = Duration.ofSeconds(1).toNanos();
    private static final long LOOK_AGAIN = Duration.ofMillis(5).toNanos();
    private static final int MAX_BYTES = 16 << 20;

    UnreadBodyValve() {
        super(true);
    }

    @Override
    public void invoke(Request request, Response response) throws IOException, ServletException {
        getNext().invoke(request, response);
        if (!request.isAsync() && !isRead(request) && !readsOn(request, response)) {
            request.getCoyoteRequest().action(ActionCode.DISABLE_SWALLOW_INPUT, null);
        }
    }

    /** Whether all of it arrived in time. */
    private static boolean readsOn(Request request, Response response) {
        try {
            response.finishResponse();
            byte[] buffer = new byte[8 * 1024];
            long start = System.nanoTime();
            long bytes = 0;
            while (!isRead(request)) {
                long allowed = GRACE + bytes * SECOND / MIN_BYTES_PER_SECOND;
                if (System.nanoTime() - start > allowed || bytes > MAX_BYTES) {
                    return false;
                }
                if (isAvailable(request)) {
                    int got = request.getStream().read(buffer);
                    if (got < 0) {
                        return true;
                    }
                    bytes += got;
                } else {
                    LockSupport.parkNanos(LOOK_AGAIN);
                }
            }
            return true;
        } catch (IOException | RuntimeException e) {
            return false;
        }
    }

    private static boolean isRead(Request request) {
        var read = new AtomicBoolean();
        request.getCoyoteRequest().action(ActionCode.REQUEST_BODY_FULLY_READ, read);
        return read.get();
    }

    /** Whether there is something to read; takes from the connection what has arrived, and does not wait. */
    private static boolean isAvailable(Request request) {
        request.getCoyoteRequest().action(ActionCode.AVAILABLE, true);
        return request.getCoyoteRequest().getAvailable() > 0;
    }
}
