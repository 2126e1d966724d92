package com.vantage.syncstate.error;

import com.fasterxml.jackson.annotation.JsonProperty;
import org.jspecify.annotations.Nullable;

/**
 * How fresh a resource is.
 *
 * @param fresh whether that is fresh enough
 * @param asOf the start of its last successful run, in ISO 8601; null where there has been none
 * @param age how long ago that was, as an ISO 8601 duration of whole seconds; null where there has been none
 * @param reason one sentence: why it is not fresh, or else as of when its data is
 */
public record ResourceFreshness(
        String resource,
        boolean fresh,
        @JsonProperty("as_of") @Nullable String asOf,
        @Nullable String age,
        String reason) {}
