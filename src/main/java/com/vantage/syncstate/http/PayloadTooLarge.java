package com.vantage.syncstate.http;

import java.io.IOException;
import org.springframework.util.unit.DataSize;

/** A body that went past the limit while it was read. */
public final class PayloadTooLarge extends IOException {

    private final String detail;

    PayloadTooLarge(DataSize limit) {
        detail = detail(limit);
    }

    /** What is wrong and what to do about it. */
    public String detail() {
        return detail;
    }

    static String detail(DataSize limit) {
        return "The body exceeds the limit of " + limit.toBytes()
                + " bytes. Send less, or raise vantage.http.max-body-size.";
    }
}
