package com.vantage.syncstate.live;

import com.vantage.syncstate.error.ProblemType;
import com.vantage.syncstate.error.RequestRejected;
import java.util.HashMap;
import java.util.Map;

/** Counts the open streams, of all and of each caller. */
final class StreamLimits {

    private final LiveProperties limits;
    private final Map<String, Integer> ofCaller = new HashMap<>();
    private int all;

    StreamLimits(LiveProperties limits) {
        this.limits = limits;
    }

    /** @throws RequestRejected {@code overloaded}, where the service or the caller has as many as it may have */
    synchronized void open(String caller) {
        if (all >= limits.streams()) {
            throw rejected("The service has as many streams open as it may", "vantage.live.max-streams");
        }
        int own = ofCaller.getOrDefault(caller, 0);
        if (own >= limits.streamsPerCaller()) {
            throw rejected(
                    "This key or subject has as many streams open as it may", "vantage.live.max-streams-per-caller");
        }
        all++;
        ofCaller.put(caller, own + 1);
    }

    synchronized void close(String caller) {
        all--;
        ofCaller.computeIfPresent(caller, (id, own) -> own == 1 ? null : own - 1);
    }

    private static RequestRejected rejected(String what, String property) {
        return new RequestRejected(
                ProblemType.OVERLOADED,
                what + " (" + property + "). Close one, connect again later, or poll GET /sync-states with its ETag.",
                RequestRejected.Details.NONE);
    }
}
