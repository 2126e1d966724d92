package com.vantage.syncstate.sync;

import io.swagger.v3.oas.annotations.media.Schema;
import jakarta.validation.constraints.PositiveOrZero;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * What went wrong, and how far the run had come; its counts go to the run, the state keeps those of the last success.
 *
 * @param errors {@code [{"code", "message", "timestamp"?, "record_id"?, "stack"?, "context"?}]}; the database function
 *     checks them, and keys that are not in this list are kept as they came
 * @param runId the run that ends
 */
record FailRequest(
        @Schema(implementation = ErrorReport[].class, requiredMode = Schema.RequiredMode.REQUIRED) @Nullable
        JsonNode errors,

        @PositiveOrZero @Nullable Integer recordsSynced,
        @PositiveOrZero @Nullable Integer recordsCreated,
        @PositiveOrZero @Nullable Integer recordsUpdated,
        @Nullable UUID runId) {}
