package com.vantage.syncstate.run;

import com.vantage.syncstate.database.ReadCoalescer;
import com.vantage.syncstate.http.CachedJson;
import com.vantage.syncstate.http.ETagBuilder;
import com.vantage.syncstate.sync.ResourceNames;
import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.Parameter;
import io.swagger.v3.oas.annotations.tags.Tag;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.http.MediaType;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;

/** Answers how the last runs of all resources ended. */
@Tag(name = "Runs")
@RestController
@RequestMapping(path = "/recent-runs", produces = MediaType.APPLICATION_JSON_VALUE)
class RecentRunsController {

    private final RecentRunsRepository runs;
    private final RecentRunsCache all;

    /** Pages that are open ask at the same moment, when the service is back. */
    private final ReadCoalescer<List<String>, Listed> lists = new ReadCoalescer<>();

    RecentRunsController(RecentRunsRepository runs, RecentRunsCache all) {
        this.runs = runs;
        this.all = all;
    }

    @Operation(
            operationId = "listRecentRuns",
            summary = "List how the last runs of each resource ended",
            description =
                    "Of each resource the last 30 runs that have ended, as lists with an item a run, oldest first, and what they"
                            + " come to. In the order of the names. For pages that show many resources at a glance; a run"
                            + " with all of its facts is in /sync-states/{resource}/runs.")
    @GetMapping
    ResponseEntity<CachedJson<List<RecentRuns>>> list(
            @Parameter(
                            example = "accounts,funds",
                            description = "A comma-separated list of up to 1000 names; one that is unknown is left out."
                                    + " All resources unless given")
                    @RequestParam(required = false)
                    @Nullable
                    String resources) {
        List<String> names = resources == null ? null : ResourceNames.read(resources);
        Listed listed = lists.read(
                names == null ? List.of() : names,
                () -> names == null ? Listed.of(all.read()) : Listed.of(runs.list(names)));
        return ETagBuilder.answer(listed.tag()).body(listed.body());
    }

    /** A list as all who requested it at one time get it. */
    private record Listed(String tag, CachedJson<List<RecentRuns>> body) {

        static Listed of(List<RecentRuns> runs) {
            var tag = new ETagBuilder();
            runs.forEach(each -> tag.add(each.toString()));
            return new Listed(tag.value(), new CachedJson<>(runs));
        }

        static Listed of(RecentRunsCache.Answer answer) {
            return new Listed(answer.tag(), CachedJson.encoded(answer.json()));
        }
    }
}
