package com.vantage.syncstate.web;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonProperty;
import com.vantage.syncstate.database.CallRefused.Facts;
import com.vantage.syncstate.database.CallRefused.Flaw;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A refusal as RFC 9457 shapes it.
 *
 * @param type relative and stable, {@code /problems/sync-not-running}
 * @param detail what is wrong here and what to do about it
 * @param instance path of the request
 * @param resource the resource that was called on
 * @param runId the run that stands in the way or was asked for
 * @param supersededBy the run that took over
 * @param errors the flaws of the request, one each
 */
@JsonInclude(JsonInclude.Include.NON_EMPTY)
public record Problem(
        String type,
        String title,
        int status,
        String detail,
        @Nullable String instance,
        @Nullable String resource,
        @JsonProperty("run_id") @Nullable String runId,
        @JsonProperty("superseded_by") @Nullable String supersededBy,
        List<Flaw> errors) {

    static Problem of(ProblemType type, String detail, @Nullable String instance, Facts facts) {
        return new Problem(
                type.uri(),
                type.title(),
                type.status(),
                detail,
                instance,
                facts.resource(),
                facts.runId(),
                facts.supersededBy(),
                facts.errors());
    }
}
