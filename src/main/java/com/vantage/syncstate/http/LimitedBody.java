package com.vantage.syncstate.http;

import com.vantage.syncstate.http.Share.Claim;
import jakarta.servlet.ReadListener;
import jakarta.servlet.ServletInputStream;
import java.io.IOException;
import java.net.SocketTimeoutException;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** A body that ends in {@link BodyRejected} where it is too late, and that has room while it arrives. */
abstract class LimitedBody extends ServletInputStream {

    private final ServletInputStream body;
    private final UnreadBody rest;
    private final Duration timeout;
    private final BodyBudget budget;

    private long deadline;
    private @Nullable Claim arriving;

    LimitedBody(ServletInputStream body, UnreadBody rest, Duration timeout, BodyBudget budget) {
        this.body = body;
        this.rest = rest;
        this.timeout = timeout;
        this.budget = budget;
    }

    /** Reads what has arrived, or waits for it. */
    final int receive(byte[] buffer, int offset, int length) throws IOException {
        if (deadline == 0) {
            deadline = System.nanoTime() + timeout.toNanos();
        }
        int got;
        try {
            got = body.read(buffer, offset, length);
        } catch (SocketTimeoutException e) {
            throw BodyRejected.tooLate(timeout);
        }
        if (got >= 0 && System.nanoTime() - deadline > 0) {
            throw BodyRejected.tooLate(timeout);
        }
        return got;
    }

    /**
     * Takes room for a body that is large or that a thread has to wait for: a small one comes with its head, or soon.
     *
     * @param bytes that it holds
     */
    final void claim(boolean isSmall, long bytes) throws IOException {
        if (arriving != null || (isSmall && body.available() > 0)) {
            return;
        }
        try {
            arriving = budget.arriving(bytes);
        } catch (Overloaded full) {
            if (!isSmall || !rest.comesSoon()) {
                throw full;
            }
        }
    }

    /** Once the request has been answered. */
    void giveBack() {
        if (arriving != null) {
            arriving.close();
        }
    }

    @Override
    public final int read() throws IOException {
        var next = new byte[1];
        return read(next, 0, 1) < 0 ? -1 : next[0] & 0xff;
    }

    @Override
    public abstract int read(byte[] buffer, int offset, int length) throws IOException;

    @Override
    public final boolean isReady() {
        return true;
    }

    @Override
    public final void setReadListener(ReadListener listener) {
        throw new IllegalStateException("A body is read by the thread of its request");
    }
}
