package com.vantage.syncstate.live;

import com.vantage.syncstate.error.ProblemType;
import com.vantage.syncstate.error.RequestRejected;
import com.vantage.syncstate.security.Caller;
import com.vantage.syncstate.security.CallerPlaces;

/** Counts the open streams, of all and of each caller. */
final class StreamLimits {

    private final CallerPlaces places;

    StreamLimits(LiveProperties limits) {
        places = new CallerPlaces(limits.streams(), limits.streamsPerCaller());
    }

    /** @throws RequestRejected {@code overloaded}, where the service or the caller has as many as it may have */
    void open(Caller caller) {
        switch (places.take(caller)) {
            case ALL_TAKEN ->
                throw rejected("The service has as many streams open as it may", "vantage.live.max-streams");
            case ALL_OF_CALLER_TAKEN ->
                throw rejected(
                        "This key or subject has as many streams open as it may",
                        "vantage.live.max-streams-per-caller");
            case TAKEN -> {
                // Until it is closed.
            }
        }
    }

    void close(Caller caller) {
        places.leave(caller);
    }

    private static RequestRejected rejected(String what, String property) {
        return new RequestRejected(
                ProblemType.OVERLOADED,
                what + " (" + property + "). Close one, connect again later, or poll GET /sync-states with its ETag.",
                RequestRejected.Details.NONE);
    }
}
