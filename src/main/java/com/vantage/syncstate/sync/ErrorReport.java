package com.vantage.syncstate.sync;

import io.swagger.v3.oas.annotations.media.Schema;
import org.jspecify.annotations.Nullable;

/**
 * An error as a job reports it. It describes what is in {@code errors}, which is passed through as JSON: keys that are
 * not in this list are kept as they came.
 */
@Schema(additionalProperties = Schema.AdditionalPropertiesValue.TRUE)
public record ErrorReport(
        @Schema(requiredMode = Schema.RequiredMode.REQUIRED, pattern = "\\S", example = "API_TIMEOUT")
        String code,

        @Schema(requiredMode = Schema.RequiredMode.REQUIRED, pattern = "\\S", example = "No answer within 30 s")
        String message,

        @Schema(
                types = {"string", "null"},
                example = "2025-11-05T10:30:00Z",
                description = "ISO 8601")
        @Nullable
        String timestamp,

        @Schema(example = "A-1042", description = "The record that it is about; any JSON, usually a text or a number")
        @Nullable
        Object recordId,

        @Schema(example = "at Accounts.read(Accounts.java:42)", description = "Any JSON, usually a text") @Nullable
        Object stack,

        @Schema(description = "Any JSON") @Nullable Object context) {}
