package com.vantage.syncstate.sync;

import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * What went wrong.
 *
 * @param errors {@code [{"code", "message", "timestamp"?, "record_id"?, "stack"?, "context"?}]}; the database function
 *     checks them, and keys that are not in this list are kept as they came
 */
record FailRequest(@Nullable JsonNode errors) {}
