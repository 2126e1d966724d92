package com.vantage.syncstate.http;

import com.vantage.syncstate.http.Share.Claim;
import java.time.Duration;
import org.springframework.stereotype.Component;

/**
 * How much large answers may hold at a time, while those who asked for them read: bytes of the heap and, where a thread
 * serves a connection, threads. Whoever has no key has a share of their own, so that they can take nothing from the others.
 */
@Component
class AnswerBudget {

    /** A smaller one mostly fits into the buffers of its connection. */
    static final int LARGE = 16 * 1024;

    private static final String REFUSAL =
            "Too many large answers are being read, too slowly, at this moment. Call again"
                    + " after Retry-After, or ask for less, for example with limit.";

    private final Share callers;
    private final Share anonymous;

    AnswerBudget() {
        this(Runtime.getRuntime().maxMemory());
    }

    AnswerBudget(long heap) {
        callers = new Share(heap / 4, 100);
        anonymous = new Share(heap / 16, 30);
    }

    /**
     * Takes what an answer holds; to be given back by closing.
     *
     * @throws Overloaded where too much is taken already
     */
    Claim claim(boolean hasKey, int bytes) {
        return (hasKey ? callers : anonymous).claim(bytes, Duration.ZERO, REFUSAL);
    }
}
