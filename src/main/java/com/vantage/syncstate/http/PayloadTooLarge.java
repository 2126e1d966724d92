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
        return "A body has at most " + limit.toBytes() + " bytes here. Send fewer or shorter errors, or raise"
                + " vantage.http.max-body-size.";
    }
}
