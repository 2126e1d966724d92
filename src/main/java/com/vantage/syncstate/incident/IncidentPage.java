package com.vantage.syncstate.incident;

import io.swagger.v3.oas.annotations.media.Schema;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Some incidents, newest first.
 *
 * @param next the cursor of the page after this one; null at the end
 */
record IncidentPage(
        List<Incident> incidents,
        @Schema(types = {"string", "null"}) @Nullable String next) {

    static final int DEFAULT_SIZE = 20;
    static final int MAX_SIZE = 100;
}
