package com.vantage.syncstate.http;

import jakarta.servlet.ServletInputStream;
import java.io.IOException;
import java.time.Duration;

/** A body of any size, which is handed on as it arrives. */
final class StreamedBody extends LimitedBody {

    private final ServletInputStream body;

    StreamedBody(ServletInputStream body, UnreadBody rest, Duration timeout, BodyBudget budget) {
        super(body, rest, timeout, budget);
        this.body = body;
    }

    @Override
    public int read(byte[] buffer, int offset, int length) throws IOException {
        if (!body.isFinished()) {
            claim(true, BodyBudget.LARGE);
        }
        return receive(buffer, offset, length);
    }

    @Override
    public boolean isFinished() {
        return body.isFinished();
    }
}
