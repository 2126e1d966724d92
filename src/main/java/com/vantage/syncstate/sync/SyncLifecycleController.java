package com.vantage.syncstate.sync;

import com.vantage.syncstate.error.ProblemType;
import com.vantage.syncstate.http.Problems;
import com.vantage.syncstate.http.RunRequest;
import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.media.Schema;
import io.swagger.v3.oas.annotations.tags.Tag;
import jakarta.validation.Valid;
import jakarta.validation.constraints.PositiveOrZero;
import java.time.Instant;
import java.util.Objects;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.http.MediaType;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RestController;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;

/** Receives the calls of the jobs, and answers each with the fresh state. */
@Tag(name = "Jobs", description = "What a job calls: start, progress, complete and fail, each answered with the state.")
@RestController
@RequestMapping(path = "/sync-states/{resource}", produces = MediaType.APPLICATION_JSON_VALUE)
class SyncLifecycleController {

    private final SyncLifecycleRepository states;
    private final LifecycleMetrics calls;

    SyncLifecycleController(SyncLifecycleRepository states, LifecycleMetrics calls) {
        this.states = states;
        this.calls = calls;
    }

    @Operation(
            operationId = "startSync",
            summary = "Start a sync",
            description =
                    "Registers a resource not seen before; takes over a stuck run, or any with force. Repeating it with the same run_id changes nothing.")
    @Problems({ProblemType.RUN_ALREADY_FINISHED, ProblemType.SYNC_ALREADY_RUNNING})
    @PostMapping("/start")
    SyncStateDetails start(
            @PathVariable @ResourceName String resource, @RequestBody(required = false) @Nullable StartRequest body) {
        StartRequest start = Objects.requireNonNullElse(body, StartRequest.PLAIN);
        return calls.record("start", resource, () -> states.start(resource, start));
    }

    @Operation(
            operationId = "reportProgress",
            summary = "Report progress, or send a heartbeat",
            description = "Without a body it is a heartbeat. Either keeps the run from being taken for stuck.")
    @Problems({
        ProblemType.SYNC_STATE_NOT_FOUND,
        ProblemType.RUN_NOT_FOUND,
        ProblemType.RUN_ALREADY_FINISHED,
        ProblemType.SYNC_NOT_RUNNING,
        ProblemType.RUN_SUPERSEDED
    })
    @PostMapping("/progress")
    SyncStateDetails progress(
            @PathVariable @ResourceName String resource,
            @RequestBody(required = false) @Valid @Nullable ProgressRequest body) {
        ProgressRequest progress = Objects.requireNonNullElse(body, ProgressRequest.HEARTBEAT);
        return calls.record("progress", resource, () -> states.progress(resource, progress));
    }

    @Operation(
            operationId = "completeSync",
            summary = "Complete a sync",
            description =
                    "Repeating it with the same run_id changes nothing. The watermark is the start of the run unless one is given.")
    @Problems({
        ProblemType.SYNC_STATE_NOT_FOUND,
        ProblemType.RUN_NOT_FOUND,
        ProblemType.RUN_ALREADY_FINISHED,
        ProblemType.SYNC_NOT_RUNNING,
        ProblemType.RUN_SUPERSEDED
    })
    @PostMapping("/complete")
    SyncStateDetails complete(
            @PathVariable @ResourceName String resource,
            @RequestBody(required = false) @Valid @Nullable CompleteRequest body) {
        CompleteRequest success = Objects.requireNonNullElse(body, CompleteRequest.PLAIN);
        return calls.record("complete", resource, () -> states.complete(resource, success));
    }

    @Operation(
            operationId = "failSync",
            summary = "Fail a sync",
            description =
                    "Stores its errors; the last success keeps its time and counts. Without a body no errors are reported. Repeating it with the same run_id changes nothing.")
    @Problems({
        ProblemType.SYNC_STATE_NOT_FOUND,
        ProblemType.RUN_NOT_FOUND,
        ProblemType.RUN_ALREADY_FINISHED,
        ProblemType.SYNC_NOT_RUNNING,
        ProblemType.RUN_SUPERSEDED
    })
    @PostMapping("/fail")
    SyncStateDetails fail(
            @PathVariable @ResourceName String resource,
            @RequestBody(required = false) @Valid @Nullable FailRequest body) {
        FailRequest failure = Objects.requireNonNullElse(body, FailRequest.WITHOUT_REASON);
        return calls.record("fail", resource, () -> states.fail(resource, failure));
    }

    /**
     * How to begin.
     *
     * @param runId id of the run, made by the caller so that the call can be repeated; one is generated where it is left out
     * @param force takes over a run that is still alive
     */
    record StartRequest(@Nullable UUID runId, @Nullable Boolean force) implements RunRequest {

        static final StartRequest PLAIN = new StartRequest(null, null);
    }

    /**
     * How far a run is; empty, it is a heartbeat.
     *
     * @param records done so far; what was reported before stays where it is left out
     * @param total to be done in all, where that is known
     * @param runId the run that reports it
     */
    record ProgressRequest(
            @PositiveOrZero @Nullable Integer records,
            @PositiveOrZero @Nullable Integer total,
            @Nullable UUID runId) implements RunRequest {

        static final ProgressRequest HEARTBEAT = new ProgressRequest(null, null, null);
    }

    /**
     * What a sync came to; a count left out is 0, and without a body all of them are.
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
            @Nullable UUID runId)
            implements RunRequest {

        static final CompleteRequest PLAIN = new CompleteRequest(null, null, null, null, null);
    }

    /**
     * What went wrong, and how far the run had come; its counts go to the run, the state keeps those of the last success.
     * Without a body no errors are reported.
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
            @Nullable UUID runId)
            implements RunRequest {

        static final FailRequest WITHOUT_REASON =
                new FailRequest(JsonNodeFactory.instance.arrayNode(), null, null, null, null);
    }
}
