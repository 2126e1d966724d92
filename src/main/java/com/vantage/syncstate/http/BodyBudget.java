package com.vantage.syncstate.http;

import com.vantage.syncstate.http.Share.Claim;
import java.time.Duration;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.stereotype.Component;

/**
 * How much bodies may hold at a time: while they arrive, bytes of the heap and, where a thread serves a connection, threads;
 * while they are handled, what JSON becomes of the large ones.
 */
@Component
class BodyBudget {

    /** One that is smaller is not counted while it is handled. */
    static final int LARGE = 16 * 1024;

    /** Bytes of the heap that a byte of JSON takes at most: two trees of objects with one short key each. */
    private static final int GROWTH = 64;

    private static final String REFUSAL =
            "Too many bodies are being %s at this moment; nothing was done. Call again after"
                    + " Retry-After, or send less.";

    private final Share arriving;
    private final Share handled;
    private final Duration patience;

    @Autowired
    BodyBudget(HttpProperties limits) {
        this(Runtime.getRuntime().maxMemory(), limits.maxBodySize().toBytes(), Duration.ofSeconds(2));
    }

    /**
     * @param largest body that is read: there is room for one at any heap
     * @param patience for how long a large one waits for its turn
     */
    BodyBudget(long heap, long largest, Duration patience) {
        this.arriving = new Share(Math.max(heap / 8, largest), 100);
        this.handled = new Share(Math.max(heap / 4 / GROWTH, largest), Integer.MAX_VALUE);
        this.patience = patience;
    }

    /** @throws Overloaded where too many arrive already */
    Claim arriving(long bytes) {
        return arriving.claim(bytes, Duration.ZERO, REFUSAL.formatted("received, too slowly,"));
    }

    /** @throws Overloaded where it is not their turn within the patience */
    Claim handled(long bytes) {
        return handled.claim(bytes, patience, REFUSAL.formatted("handled"));
    }
}
