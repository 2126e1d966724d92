package com.vantage.syncstate.sync;

import jakarta.validation.constraints.PositiveOrZero;
import org.jspecify.annotations.Nullable;

/**
 * How many records a sync handled; a count left out is 0.
 *
 * @param recordsSynced all that it processed
 */
record CompleteRequest(
        @PositiveOrZero @Nullable Integer recordsSynced,
        @PositiveOrZero @Nullable Integer recordsCreated,
        @PositiveOrZero @Nullable Integer recordsUpdated) {}
