package com.vantage.syncstate.sync;

import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * How to begin.
 *
 * @param runId id of the run, made by the caller so that the call can be repeated; one is made up where it is left out
 * @param force takes over a run that is still alive
 */
record StartRequest(@Nullable UUID runId, @Nullable Boolean force) {

    static final StartRequest PLAIN = new StartRequest(null, null);
}
