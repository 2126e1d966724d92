package com.vantage.syncstate.http;

import com.vantage.syncstate.http.Share.Claim;
import jakarta.servlet.ServletInputStream;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/**
 * A body of limited size. All of it is read before the first byte is handed on, so that what is made of it takes room for
 * as long as that takes and not for as long as it is sent; it ends in {@link BodyRejected} where it is too large.
 */
final class WholeBody extends LimitedBody {

    private final long declared;
    private final HttpProperties limits;
    private final BodyBudget budget;

    private @Nullable ByteArrayInputStream read;
    private @Nullable Claim handled;

    /**
     * @param declared its length; negative where none is declared
     */
    WholeBody(ServletInputStream body, UnreadBody rest, long declared, HttpProperties limits, BodyBudget budget) {
        super(body, rest, limits.bodyTimeout(), budget);
        this.declared = declared;
        this.limits = limits;
        this.budget = budget;
    }

    @Override
    public int read(byte[] buffer, int offset, int length) throws IOException {
        return whole().read(buffer, offset, length);
    }

    @Override
    void giveBack() {
        super.giveBack();
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
        var received = new ByteArrayOutputStream(declared < 0 ? BodyBudget.LARGE : (int) declared);
        byte[] buffer = new byte[(int) Math.min(BodyBudget.LARGE, declared < 0 ? BodyBudget.LARGE : declared + 1)];
        while (received.size() <= limits.maxBodySize().toBytes()) {
            if (received.size() != declared) {
                boolean isSmall = received.size() < BodyBudget.LARGE && declared <= BodyBudget.LARGE;
                claim(isSmall, declared < 0 ? limits.maxBodySize().toBytes() : declared);
            }
            int got = receive(buffer, 0, buffer.length);
            if (got < 0) {
                return received.toByteArray();
            }
            received.write(buffer, 0, got);
        }
        throw BodyRejected.tooLarge(limits.maxBodySize());
    }

    @Override
    public int available() throws IOException {
        return whole().available();
    }

    @Override
    public boolean isFinished() {
        return read != null && read.available() == 0;
    }
}
