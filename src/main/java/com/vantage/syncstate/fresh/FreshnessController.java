package com.vantage.syncstate.fresh;

import com.vantage.syncstate.alert.DurationText;
import com.vantage.syncstate.database.ReadCoalescer;
import com.vantage.syncstate.error.InvalidRequest;
import com.vantage.syncstate.error.ProblemType;
import com.vantage.syncstate.http.Problems;
import com.vantage.syncstate.security.Caller;
import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.Parameter;
import io.swagger.v3.oas.annotations.media.Schema;
import io.swagger.v3.oas.annotations.tags.Tag;
import java.security.Principal;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import org.springframework.http.MediaType;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;
import org.springframework.web.context.request.async.DeferredResult;

/** Answers whether the data that jobs build on is fresh, at once or as soon as it is. */
@Tag(name = "Freshness", description = "Whether data is fresh enough to build on.")
@RestController
class FreshnessController {

    /** Proxies cut a connection that is silent for a minute. */
    private static final Duration MAX_WAIT = Duration.ofSeconds(55);

    private final FreshnessRepository resources;
    private final FreshnessWaiters waiters;
    private final ReadCoalescer<FreshnessQuery, FreshnessRepository.Verdict> reads = new ReadCoalescer<>();

    FreshnessController(FreshnessRepository resources, FreshnessWaiters waiters) {
        this.resources = resources;
        this.waiters = waiters;
    }

    @Operation(
            operationId = "requireFreshData",
            summary = "Require fresh data",
            description =
                    "200 where the data of all resources is fresh, 412 where it is not, 503 where the service cannot tell. Data is as of the start of the last successful run: no longer ago than max_age, at since or later; where neither is given, without an alert of the kind stale.")
    @Problems({ProblemType.SYNC_STATE_NOT_FOUND, ProblemType.NOT_FRESH, ProblemType.OVERLOADED})
    @GetMapping(path = "/fresh", produces = MediaType.APPLICATION_JSON_VALUE)
    DeferredResult<ResponseEntity<Freshness>> require(
            @Parameter(required = true, example = "accounts,funds", description = "A comma-separated list")
                    @RequestParam(required = false)
                    @Nullable
                    String resources,
            @Parameter(
                            schema = @Schema(type = "string"),
                            example = "PT6H",
                            description = "A number and a unit (30m, 6h, 2d) or an ISO 8601 duration")
                    @RequestParam(name = "max_age", required = false)
                    @Nullable
                    String maxAge,
            @Parameter(schema = @Schema(type = "string", format = "date-time"), example = "2026-11-22T00:00:00Z")
                    @RequestParam(required = false)
                    @Nullable
                    String since,
            @Parameter(
                            schema = @Schema(type = "boolean"),
                            example = "true",
                            description = "Whether none of them may be running")
                    @RequestParam(required = false)
                    @Nullable
                    String idle,
            @Parameter(
                            schema = @Schema(type = "string"),
                            example = "PT50S",
                            description = "How long to wait until all are fresh, at most PT55S")
                    @RequestParam(required = false)
                    @Nullable
                    String wait,
            Principal principal) {
        FreshnessQuery query = FreshnessQuery.of(resources, maxAge, since, idle);
        return wait == null ? now(query) : waiters.await(query, wait(wait), Caller.of(principal));
    }

    private DeferredResult<ResponseEntity<Freshness>> now(FreshnessQuery query) {
        FreshnessRepository.Verdict verdict = reads.read(query, () -> resources.evaluate(query));
        if (!verdict.isFresh()) {
            throw Freshness.rejection(verdict);
        }
        var answer = new DeferredResult<ResponseEntity<Freshness>>();
        answer.setResult(Freshness.answer(verdict));
        return answer;
    }

    private static Duration wait(String text) {
        return DurationText.read(text)
                .filter(time -> time.compareTo(MAX_WAIT) <= 0)
                .orElseThrow(
                        () -> InvalidRequest.parameter("wait", "must be at most PT55S, and " + DurationText.FORMAT));
    }
}
