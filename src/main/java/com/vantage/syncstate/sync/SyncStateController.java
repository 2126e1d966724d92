package com.vantage.syncstate.sync;

import com.vantage.syncstate.alert.Thresholds;
import com.vantage.syncstate.database.ReadCoalescer;
import com.vantage.syncstate.error.ProblemType;
import com.vantage.syncstate.http.CachedJson;
import com.vantage.syncstate.http.ETagBuilder;
import com.vantage.syncstate.http.Problems;
import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.Parameter;
import io.swagger.v3.oas.annotations.media.Schema;
import io.swagger.v3.oas.annotations.responses.ApiResponse;
import io.swagger.v3.oas.annotations.tags.Tag;
import java.net.URI;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpStatus;
import org.springframework.http.MediaType;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.DeleteMapping;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PutMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.ResponseStatus;
import org.springframework.web.bind.annotation.RestController;

/** Reads, registers and deletes the states of resources. */
@Tag(name = "States", description = "How each resource stands: read, follow, register and delete.")
@RestController
@RequestMapping(path = "/sync-states", produces = MediaType.APPLICATION_JSON_VALUE)
class SyncStateController {

    private final SyncStateRepository states;
    private final SyncLifecycleRepository lifecycle;
    private final ReadCoalescer<ListQuery, Listed> lists = new ReadCoalescer<>();

    SyncStateController(SyncStateRepository states, SyncLifecycleRepository lifecycle) {
        this.states = states;
        this.lifecycle = lifecycle;
    }

    @Operation(
            operationId = "listSyncStates",
            summary = "List the states, or follow them",
            description =
                    "In the order of a dashboard (failed, running, never_run, success, then by name) unless sort is given."
                            + " Whoever accepts text/event-stream alone, or rather than JSON, follows them: the event"
                            + " snapshot has every state on each connect, then sync-state has one state a change, and"
                            + " deleted the resource that is gone; incident has one incident a change. The event unavailable means that the database is"
                            + " unavailable; a snapshot follows when it is back.")
    @GetMapping
    ResponseEntity<CachedJson<List<SyncState>>> list(
            @Parameter(
                            example = "failed,running",
                            description = "A comma-separated list of never_run, running, success, failed")
                    @RequestParam(required = false)
                    @Nullable
                    String status,
            @Parameter(
                            example = "stuck,failed",
                            description = "A comma-separated list of kinds of alert: only states with one of them")
                    @RequestParam(required = false)
                    @Nullable
                    String alert,
            @Parameter(
                            example = "-duration_ms",
                            description = "resource or any numeric or time key; - before it for descending; nulls last")
                    @RequestParam(required = false)
                    @Nullable
                    String sort,
            @Parameter(schema = @Schema(type = "integer", format = "int32", minimum = "1"), example = "5")
                    @RequestParam(required = false)
                    @Nullable
                    String limit) {
        ListQuery query = ListQuery.of(status, alert, sort, limit);
        Listed listed = lists.read(query, () -> Listed.of(states.list(query)));
        return ETagBuilder.answer(listed.tag()).body(listed.body());
    }

    @Operation(
            operationId = "getSyncState",
            summary = "Read one state",
            description = "With all of its errors, its alerts at this moment, and the thresholds that these come from.")
    @Problems(ProblemType.SYNC_STATE_NOT_FOUND)
    @GetMapping("/{resource}")
    ResponseEntity<SyncStateDetails> get(@PathVariable @ResourceName String resource) {
        SyncStateDetails details = states.get(resource);
        return ETagBuilder.answer(StateETag.of(details)).body(details);
    }

    @Operation(
            operationId = "registerSyncState",
            summary = "Register a resource, or set its thresholds",
            description =
                    "A new one is never_run. A threshold is a number and a unit (30m, 12h, 2d) or an ISO 8601 duration (PT30M). fail_after is a number of runs. One left out stays as it is; null resets it to the default of the service, vantage.alerts.")
    @ApiResponse(responseCode = "201", description = "Registered")
    @ApiResponse(responseCode = "200", description = "Was registered already")
    @PutMapping("/{resource}")
    ResponseEntity<SyncStateDetails> register(
            @PathVariable @ResourceName String resource, @RequestBody(required = false) @Nullable Thresholds body) {
        SyncLifecycleRepository.Registered registered =
                lifecycle.register(resource, Objects.requireNonNullElse(body, Thresholds.NONE));
        return (registered.created()
                        ? ResponseEntity.created(URI.create("/sync-states/" + resource))
                        : ResponseEntity.ok())
                .body(registered.state());
    }

    @Operation(
            operationId = "deleteSyncState",
            summary = "Delete a resource and its runs",
            description = "Nothing of it is kept: neither its state nor its history.")
    @Problems(ProblemType.SYNC_STATE_NOT_FOUND)
    // There is nothing to negotiate: a generated client accepts problems alone.
    @DeleteMapping(path = "/{resource}", produces = MediaType.ALL_VALUE)
    @ResponseStatus(HttpStatus.NO_CONTENT)
    void delete(@PathVariable @ResourceName String resource) {
        lifecycle.delete(resource);
    }

    /** A list as all who requested it at one time get it. */
    private record Listed(String tag, CachedJson<List<SyncState>> body) {

        static Listed of(List<SyncState> states) {
            return new Listed(StateETag.of(states), new CachedJson<>(states));
        }
    }
}
