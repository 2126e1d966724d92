package com.vantage.syncstate.sync;

import jakarta.validation.constraints.PositiveOrZero;
import java.time.Instant;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * What a sync came to; a count left out is 0.
 *
 * @param recordsSynced all that it processed
 * @param watermark what to pass to the source as "modified since" next time; the run's start where it is left out
 * @param runId the run that ends
 */
record CompleteRequest(
        @PositiveOrZero @Nullable Integer recordsSynced,
        @PositiveOrZero @Nullable Integer recordsCreated,
        @PositiveOrZero @Nullable Integer recordsUpdated,
        @Nullable Instant watermark,
        @Nullable UUID runId) {}
