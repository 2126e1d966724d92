package com.vantage.syncstate.http;

import com.vantage.syncstate.http.Share.Claim;
import jakarta.servlet.ReadListener;
import jakarta.servlet.ServletInputStream;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.SocketTimeoutException;
import org.jspecify.annotations.Nullable;

/**
 * A body within its limits. All of it is read before the first byte is handed on, so that what is made of it takes room for
 * as long as that takes and not for as long as it is sent; it ends in {@link BodyRejected} where it is too large or too late.
 */
final class BodyStream extends ServletInputStream {

    private final ServletInputStream body;
    private final UnreadBody rest;
    private final long declared;
    private final HttpProperties limits;
    private final BodyBudget budget;

    private @Nullable ByteArrayInputStream read;
    private @Nullable Claim arriving;
    private @Nullable Claim handled;

    /**
     * @param declared its length; negative where none is declared
     */
    BodyStream(ServletInputStream body, UnreadBody rest, long declared, HttpProperties limits, BodyBudget budget) {
        this.body = body;
        this.rest = rest;
        this.declared = declared;
        this.limits = limits;
        this.budget = budget;
    }

    @Override
    public int read() throws IOException {
        return whole().read();
    }

    @Override
    public int read(byte[] buffer, int offset, int length) throws IOException {
        return whole().read(buffer, offset, length);
    }

    /** Once the request has been answered. */
    void giveBack() {
        if (arriving != null) {
            arriving.close();
        }
        if (handled != null) {
            handled.close();
        }
    }

    private ByteArrayInputStream whole() throws IOException {
        if (read == null) {
            byte[] bytes = receive();
            if (bytes.length > BodyBudget.LARGE) {
                handled = budget.handled(bytes.length);
            }
            read = new ByteArrayInputStream(bytes);
        }
        return read;
    }

    private byte[] receive() throws IOException {
        long deadline = System.nanoTime() + limits.bodyTimeout().toNanos();
        var received = new ByteArrayOutputStream(declared < 0 ? BodyBudget.LARGE : (int) declared);
        byte[] buffer = new byte[(int) Math.min(BodyBudget.LARGE, declared < 0 ? BodyBudget.LARGE : declared + 1)];
        while (received.size() <= limits.maxBodySize().toBytes()) {
            if (arriving == null && received.size() != declared) {
                claim(received.size());
            }
            int got = receive(buffer);
            if (got < 0) {
                return received.toByteArray();
            }
            received.write(buffer, 0, got);
            if (System.nanoTime() - deadline > 0) {
                throw BodyRejected.tooLate(limits.bodyTimeout());
            }
        }
        throw BodyRejected.tooLarge(limits.maxBodySize());
    }

    private int receive(byte[] buffer) throws IOException {
        try {
            return body.read(buffer);
        } catch (SocketTimeoutException e) {
            throw BodyRejected.tooLate(limits.bodyTimeout());
        }
    }

    /** Takes the room of one that is large or that a thread has to wait for: a small one comes with its head, or soon. */
    private void claim(int received) throws IOException {
        boolean isSmall = received < BodyBudget.LARGE && declared <= BodyBudget.LARGE;
        if (isSmall && body.available() > 0) {
            return;
        }
        try {
            arriving = budget.arriving(declared < 0 ? limits.maxBodySize().toBytes() : declared);
        } catch (Overloaded full) {
            if (!isSmall || !rest.comesSoon()) {
                throw full;
            }
        }
    }

    @Override
    public int available() throws IOException {
        return whole().available();
    }

    @Override
    public boolean isFinished() {
        return read != null && read.available() == 0;
    }

    @Override
    public boolean isReady() {
        return true;
    }

    @Override
    public void setReadListener(ReadListener listener) {
        throw new IllegalStateException("A body is read by the thread of its request");
    }
}
