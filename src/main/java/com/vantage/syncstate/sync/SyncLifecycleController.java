package com.vantage.syncstate.sync;

import io.swagger.v3.oas.annotations.Operation;
import jakarta.validation.Valid;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.springframework.http.MediaType;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RestController;

/** Takes the calls of the jobs, and answers each with the fresh state. */
@RestController
@RequestMapping(path = "/sync-states/{resource}", produces = MediaType.APPLICATION_JSON_VALUE)
class SyncLifecycleController {

    private final SyncLifecycleRepository states;
    private final LifecycleCalls calls;

    SyncLifecycleController(SyncLifecycleRepository states, LifecycleCalls calls) {
        this.states = states;
        this.calls = calls;
    }

    @Operation(
            summary = "Start a sync",
            description =
                    "Registers a resource not seen before; takes over a stuck run, or any with force. Repeating it with the same run_id changes nothing.")
    @PostMapping("/start")
    SyncState start(
            @PathVariable @ResourceName String resource, @RequestBody(required = false) @Nullable StartRequest body) {
        StartRequest start = Objects.requireNonNullElse(body, StartRequest.PLAIN);
        return calls.record("start", resource, () -> states.start(resource, start));
    }

    @Operation(summary = "Tell progress, or only that the run is alive")
    @PostMapping("/progress")
    SyncState progress(
            @PathVariable @ResourceName String resource,
            @RequestBody(required = false) @Valid @Nullable ProgressRequest body) {
        ProgressRequest progress = Objects.requireNonNullElse(body, ProgressRequest.HEARTBEAT);
        return calls.record("progress", resource, () -> states.progress(resource, progress));
    }

    @Operation(
            summary = "Complete a sync",
            description =
                    "Repeating it with the same run_id changes nothing. The watermark is the start of the run unless one is given.")
    @PostMapping("/complete")
    SyncState complete(@PathVariable @ResourceName String resource, @RequestBody @Valid CompleteRequest success) {
        return calls.record("complete", resource, () -> states.complete(resource, success));
    }

    @Operation(
            summary = "Fail a sync",
            description =
                    "Stores its errors; the last success keeps its time and counts. Repeating it with the same run_id changes nothing.")
    @PostMapping("/fail")
    SyncState fail(@PathVariable @ResourceName String resource, @RequestBody @Valid FailRequest failure) {
        return calls.record("fail", resource, () -> states.fail(resource, failure));
    }
}
