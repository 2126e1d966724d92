package com.vantage.syncstate.sync;

import jakarta.validation.constraints.PositiveOrZero;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * How far a run is; with nothing in it, a sign of life.
 *
 * @param records done so far; what was told before stays where it is left out
 * @param total to be done in all, where that is known
 * @param runId the run that tells it
 */
record ProgressRequest(
        @PositiveOrZero @Nullable Integer records,
        @PositiveOrZero @Nullable Integer total,
        @Nullable UUID runId) {

    static final ProgressRequest HEARTBEAT = new ProgressRequest(null, null, null);
}
