package com.vantage.syncstate.run;

import com.vantage.syncstate.error.ProblemType;
import com.vantage.syncstate.http.ETagBuilder;
import com.vantage.syncstate.http.Problems;
import com.vantage.syncstate.http.QueryParameter;
import com.vantage.syncstate.sync.ResourceName;
import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.Parameter;
import io.swagger.v3.oas.annotations.media.Schema;
import io.swagger.v3.oas.annotations.tags.Tag;
import java.time.Instant;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.http.MediaType;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;

/** Reads the history of runs. */
@Tag(name = "Runs", description = "The history of a resource, one run an attempt.")
@RestController
@RequestMapping(path = "/sync-states/{resource}/runs", produces = MediaType.APPLICATION_JSON_VALUE)
class RunController {

    private final RunRepository runs;

    RunController(RunRepository runs) {
        this.runs = runs;
    }

    @Operation(
            operationId = "listRuns",
            summary = "List the runs of a resource, newest first",
            description = "A page at a time: pass next of the answer as cursor, until it is null.")
    @Problems(ProblemType.SYNC_STATE_NOT_FOUND)
    @GetMapping
    ResponseEntity<RunPage> list(
            @PathVariable @ResourceName String resource,
            @Parameter(
                            schema =
                                    @Schema(
                                            type = "integer",
                                            format = "int32",
                                            minimum = "1",
                                            maximum = "100",
                                            defaultValue = "20"))
                    @RequestParam(required = false)
                    @Nullable
                    String limit,
            @Parameter(description = "The value of next in the previous answer")
                    @RequestParam(required = false)
                    @Nullable
                    String cursor,
            @Parameter(
                            example = "failed,abandoned",
                            description = "A comma-separated list of running, success, failed, abandoned")
                    @RequestParam(required = false)
                    @Nullable
                    String status) {
        Set<RunStatus> statuses = status == null
                ? EnumSet.allOf(RunStatus.class)
                : QueryParameter.list(RunStatus.class, "status", status);
        int size = limit == null ? RunPage.DEFAULT_SIZE : QueryParameter.limit(limit, RunPage.MAX_SIZE);
        Instant before = cursor == null ? null : RunCursor.read(resource, cursor);

        // One more than requested: if it is there, so is a next page.
        List<Run> found = runs.page(resource, statuses, before, size + 1);
        List<Run> page = found.subList(0, Math.min(size, found.size()));
        return tagged(page, new RunPage(page, found.size() > size ? RunCursor.after(page.get(size - 1)) : null));
    }

    @Operation(
            operationId = "getRun",
            summary = "Read one run",
            description = "With all of its errors. The run that goes on is among them.")
    @Problems({ProblemType.SYNC_STATE_NOT_FOUND, ProblemType.RUN_NOT_FOUND})
    @GetMapping("/{run_id}")
    ResponseEntity<Run> get(@PathVariable @ResourceName String resource, @PathVariable("run_id") UUID runId) {
        Run run = runs.get(resource, runId);
        return tagged(List.of(run), run);
    }

    private static <T> ResponseEntity<T> tagged(List<Run> versions, T body) {
        var tag = new ETagBuilder();
        versions.forEach(run -> tag.add(run.toString()));
        return ETagBuilder.answer(
                        body instanceof RunPage page ? tag.add(page.next()).value() : tag.value())
                .body(body);
    }
}
