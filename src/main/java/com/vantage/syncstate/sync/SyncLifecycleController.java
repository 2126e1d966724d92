package com.vantage.syncstate.sync;

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

    private final SyncStateRepository states;
    private final LifecycleCalls calls;

    SyncLifecycleController(SyncStateRepository states, LifecycleCalls calls) {
        this.states = states;
        this.calls = calls;
    }

    @PostMapping("/start")
    SyncState start(
            @PathVariable @ResourceName String resource, @RequestBody(required = false) @Nullable StartRequest body) {
        StartRequest start = Objects.requireNonNullElse(body, StartRequest.PLAIN);
        return calls.record("start", resource, () -> states.start(resource, start));
    }

    @PostMapping("/progress")
    SyncState progress(
            @PathVariable @ResourceName String resource,
            @RequestBody(required = false) @Valid @Nullable ProgressRequest body) {
        ProgressRequest progress = Objects.requireNonNullElse(body, ProgressRequest.HEARTBEAT);
        return calls.record("progress", resource, () -> states.progress(resource, progress));
    }

    @PostMapping("/complete")
    SyncState complete(@PathVariable @ResourceName String resource, @RequestBody @Valid CompleteRequest success) {
        return calls.record("complete", resource, () -> states.complete(resource, success));
    }

    @PostMapping("/fail")
    SyncState fail(@PathVariable @ResourceName String resource, @RequestBody @Valid FailRequest failure) {
        return calls.record("fail", resource, () -> states.fail(resource, failure));
    }
}
