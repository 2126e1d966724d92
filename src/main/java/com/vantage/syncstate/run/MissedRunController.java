package com.vantage.syncstate.run;

import com.vantage.syncstate.database.ReadCoalescer;
import com.vantage.syncstate.error.InvalidRequest;
import com.vantage.syncstate.http.CachedJson;
import com.vantage.syncstate.http.ETagBuilder;
import com.vantage.syncstate.http.QueryParameter;
import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.Parameter;
import io.swagger.v3.oas.annotations.media.Schema;
import io.swagger.v3.oas.annotations.tags.Tag;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.http.MediaType;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;

/** Answers which due times no run has met. */
@Tag(name = "Runs")
@RestController
@RequestMapping(path = "/missed-runs", produces = MediaType.APPLICATION_JSON_VALUE)
class MissedRunController {

    private static final int DEFAULT_LIMIT = 1_000;
    private static final int MAX_LIMIT = 10_000;

    private final MissedRunRepository missed;

    /** Pages that are open ask again and again. */
    private final ReadCoalescer<Query, Listed> lists = new ReadCoalescer<>();

    MissedRunController(MissedRunRepository missed) {
        this.missed = missed;
    }

    @Operation(
            operationId = "listMissedRuns",
            summary = "List the due times that no run has met",
            description =
                    "Of all resources that have a schedule, those of the last week whose deadline has passed without a success,"
                            + " newest first, without the days that are skipped. What is missed now is an alert, stale, as well.")
    @GetMapping
    ResponseEntity<CachedJson<List<MissedRun>>> list(
            @Parameter(
                            schema = @Schema(type = "string", format = "date-time"),
                            example = "2026-11-22T05:30:00Z",
                            description = "What was due then or later; a week ago unless given, or earlier")
                    @RequestParam(required = false)
                    @Nullable
                    String since,
            @Parameter(
                            schema =
                                    @Schema(
                                            type = "integer",
                                            format = "int32",
                                            minimum = "1",
                                            maximum = "10000",
                                            defaultValue = "1000"))
                    @RequestParam(required = false)
                    @Nullable
                    String limit) {
        var query = new Query(
                since == null ? null : time(since),
                limit == null ? DEFAULT_LIMIT : QueryParameter.limit(limit, MAX_LIMIT));
        Listed listed = lists.read(query, () -> Listed.of(missed.newestFirst(query.since(), query.limit())));
        return ETagBuilder.answer(listed.tag()).body(listed.body());
    }

    private static Instant time(String text) {
        return QueryParameter.time(text)
                .orElseThrow(() -> InvalidRequest.parameter(
                        "since", "must be a time in ISO 8601, for example 2026-11-22T05:30:00Z"));
    }

    private record Query(@Nullable Instant since, int limit) {}

    /** A list as all who requested it at one time get it. */
    private record Listed(String tag, CachedJson<List<MissedRun>> body) {

        static Listed of(List<MissedRun> missed) {
            var tag = new ETagBuilder();
            missed.forEach(each -> tag.add(each.toString()));
            return new Listed(tag.value(), new CachedJson<>(missed));
        }
    }
}
