package com.vantage.syncstate.sync;

import jakarta.validation.Valid;
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
        return calls.record("start", resource, () -> states.start(resource));
    }

    @PostMapping("/complete")
    SyncState complete(@PathVariable @ResourceName String resource, @RequestBody @Valid CompleteRequest counts) {
        return calls.record("complete", resource, () -> states.complete(resource, counts));
    }

    @PostMapping("/fail")
    SyncState fail(@PathVariable @ResourceName String resource, @RequestBody FailRequest failure) {
        String errors = StorableJson.of(failure.errors());
        return calls.record("fail", resource, () -> states.fail(resource, errors));
    }

    /** Takes no key yet, and so refuses every one. */
    record StartRequest() {}
}
