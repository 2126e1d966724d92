package com.vantage.syncstate.http;

import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** The body of a call that may name its run; one that does is applied once, however often it is repeated. */
public interface RunRequest {

    @Nullable
    UUID runId();
}
