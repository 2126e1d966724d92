package com.vantage.syncstate.http;

import com.vantage.syncstate.http.Share.Claim;
import jakarta.servlet.ServletInputStream;
import java.io.IOException;
import java.net.SocketTimeoutException;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** A body that is handed on as it arrives; it ends in {@link BodyRejected} where it is too large or too late. */
final class StreamedBody extends LimitedBody {

    private final ServletInputStream body;
    private final long declared;
    private final StreamedBodies bodies;
    private final Duration timeout;
    private final BodyBudget budget;
    private final long deadline;

    private long received;
    private boolean ended;
    private @Nullable Claim claim;

    /**
     * @param declared its length; negative where none is declared
     */
    StreamedBody(ServletInputStream body, long declared, StreamedBodies bodies, Duration timeout, BodyBudget budget) {
        this.body = body;
        this.declared = declared;
        this.bodies = bodies;
        this.timeout = timeout;
        this.budget = budget;
        this.deadline = System.nanoTime() + timeout.toNanos();
    }

    @Override
    public int read() throws IOException {
        var next = new byte[1];
        return read(next, 0, 1) < 0 ? -1 : next[0] & 0xff;
    }

    @Override
    public int read(byte[] buffer, int offset, int length) throws IOException {
        claim();
        int got;
        try {
            got = body.read(buffer, offset, length);
        } catch (SocketTimeoutException e) {
            throw BodyRejected.tooLate(timeout);
        }
        ended = got < 0;
        received += Math.max(got, 0);
        BodyRejected rejected = bodies.reject(received);
        if (rejected != null) {
            throw rejected;
        }
        if (!ended && System.nanoTime() - deadline > 0) {
            throw BodyRejected.tooLate(timeout);
        }
        return got;
    }

    /** Takes the room of one that is large or that a thread has to wait for: a small one comes with its head. */
    private void claim() throws IOException {
        boolean isSmall = declared >= 0 && declared <= BodyBudget.LARGE;
        if (claim == null && received != declared && !(isSmall && body.available() > 0)) {
            long kept = bodies.kept().toBytes();
            claim = budget.arriving(declared < 0 ? kept : Math.min(declared, kept));
        }
    }

    @Override
    void giveBack() {
        if (claim != null) {
            claim.close();
        }
    }

    @Override
    public int available() throws IOException {
        return body.available();
    }

    @Override
    public boolean isFinished() {
        return ended;
    }
}
