package com.vantage.syncstate.http;

import static io.swagger.v3.oas.annotations.media.Schema.RequiredMode.REQUIRED;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonProperty;
import com.vantage.syncstate.error.ProblemType;
import com.vantage.syncstate.error.RequestRejected.Details;
import com.vantage.syncstate.error.RequestRejected.FieldError;
import com.vantage.syncstate.error.ResourceFreshness;
import io.swagger.v3.oas.annotations.media.Schema;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A problem as RFC 9457 defines it.
 *
 * @param type relative and stable, {@code /problems/sync-not-running}
 * @param detail what is wrong in this request and what to do about it
 * @param instance path of the request
 * @param resource the resource that was called on
 * @param runId the run that stands in the way or was requested
 * @param supersededBy the run that took over
 * @param errors the field errors of the request, one each
 * @param resources how fresh each resource is that had to be fresh
 */
@JsonInclude(JsonInclude.Include.NON_EMPTY)
public record Problem(
        @Schema(requiredMode = REQUIRED, pattern = "^/problems/[a-z-]+$")
        String type,

        @Schema(requiredMode = REQUIRED) String title,

        @Schema(requiredMode = REQUIRED, minimum = "400", maximum = "599")
        int status,

        @Schema(requiredMode = REQUIRED) String detail,
        @Nullable String instance,
        @Nullable String resource,
        @JsonProperty("run_id") @Nullable String runId,
        @JsonProperty("superseded_by") @Nullable String supersededBy,
        List<FieldError> errors,
        List<ResourceFreshness> resources) {

    static Problem of(ProblemType type, String detail, @Nullable String instance, Details details) {
        return new Problem(
                type.uri(),
                type.title(),
                type.status(),
                detail,
                instance,
                details.resource(),
                details.runId(),
                details.supersededBy(),
                details.errors(),
                details.resources());
    }
}
