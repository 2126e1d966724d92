package com.vantage.syncstate.run;

import static org.assertj.core.api.Assertions.assertThat;

import com.vantage.syncstate.support.ApiClient.Response;
import com.vantage.syncstate.support.ApiTest;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.beans.factory.annotation.Autowired;

/** Every run can be looked up afterwards, page by page, for as long as it is kept. */
class RunHistoryTest extends ApiTest {

    private static final String RUNS = "/sync-states/funds/runs";

    @Autowired
    private RunRetention retention;

    private final List<String> newestFirst = new ArrayList<>();

    @BeforeEach
    void fiveRuns() {
        for (String end : List.of("complete", "fail", "complete", "fail", "complete")) {
            run(end);
        }
    }

    @Test
    void listsTheNewestFirst() {
        Response page = reader.get(RUNS);

        assertThat(ids(page)).isEqualTo(newestFirst);
        assertThat(page.json().get("next").isNull()).isTrue();
        assertThat(page.json().get("runs").get(0).propertyNames())
                .containsExactly(
                        "run_id",
                        "resource",
                        "status",
                        "started_at",
                        "completed_at",
                        "duration_ms",
                        "records_synced",
                        "records_created",
                        "records_updated",
                        "errors",
                        "watermark",
                        "progress",
                        "superseded_by");
    }

    @Test
    void neitherSkipsNorRepeatsWhileNewRunsArrive() {
        List<String> known = List.copyOf(newestFirst);
        List<String> seen = new ArrayList<>();

        for (String next = ""; next != null; ) {
            Response page = reader.get(RUNS + "?limit=2" + (next.isEmpty() ? "" : "&cursor=" + next));
            seen.addAll(ids(page));
            next = page.text("next");
            run("complete");
        }

        assertThat(seen).isEqualTo(known);
    }

    @Test
    void endsWithAFullLastPageWithoutAnEmptyOneAfterIt() {
        Response page = reader.get(RUNS + "?limit=5");

        assertThat(ids(page)).hasSize(5);
        assertThat(page.text("next")).isNull();
    }

    @Test
    void holdsTheRequestedStatuses() {
        assertThat(ids(reader.get(RUNS + "?status=failed"))).containsExactly(newestFirst.get(1), newestFirst.get(3));
        assertThat(ids(reader.get(RUNS + "?status=running,abandoned"))).isEmpty();
    }

    @Test
    void hasNoRunsBeforeTheFirst() {
        Response page = reader.get("/sync-states/accounts/runs");

        assertThat(page.status()).isEqualTo(200);
        assertThat(ids(page)).isEmpty();
    }

    @Test
    void knowsNoRunsOfAnUnknownResourceAndNoUnknownRun() {
        assertThat(reader.get("/sync-states/nope/runs").problem()).isEqualTo("sync-state-not-found");
        assertThat(reader.get("/sync-states/nope/runs/" + UUID.randomUUID()).problem())
                .isEqualTo("sync-state-not-found");
        assertThat(reader.get(RUNS + "/" + UUID.randomUUID()).problem()).isEqualTo("run-not-found");
        assertThat(reader.get("/sync-states/accounts/runs/" + newestFirst.get(0))
                        .problem())
                .isEqualTo("run-not-found");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "?limit=0",
                "?limit=101",
                "?limit=x",
                "?status=done",
                "?status=never_run",
                "?cursor=",
                "?cursor=x",
                "?cursor=AAAAAAAAAAAAAAAA",
                "?cursor=%F0%9F%98%80",
                "?page=2",
                "/not-a-uuid"
            })
    void refusesWhatTheParametersDoNotTake(String query) {
        Response refused = reader.get(RUNS + query);

        assertThat(refused.status()).isEqualTo(400);
        assertThat(refused.problem()).isEqualTo("invalid-request");
    }

    @Test
    void refusesACursorOfAnotherResource() {
        String cursor = reader.get(RUNS + "?limit=1").text("next");

        assertThat(reader.get("/sync-states/accounts/runs?cursor=" + cursor).problem())
                .isEqualTo("invalid-request");
    }

    @Test
    void answersNotModifiedUntilARunChanges() {
        String tag = reader.get(RUNS).header("ETag").orElseThrow();

        int same = reader.with("If-None-Match", tag).get(RUNS).status();
        service.post("/sync-states/funds/start");
        String running = reader.get(RUNS).header("ETag").orElseThrow();
        service.post("/sync-states/funds/progress", "{\"records\": 1}");

        assertThat(same).isEqualTo(304);
        assertThat(running).isNotEqualTo(tag);
        assertThat(reader.with("If-None-Match", running).get(RUNS).status()).isEqualTo(200);
    }

    @Test
    void goesWithItsResource() {
        service.delete("/sync-states/funds");
        service.put("/sync-states/funds");

        assertThat(ids(reader.get(RUNS))).isEmpty();
    }

    @Test
    void isDeletedWhenItIsTooOldExceptForTheLatestRun() {
        database.execute("""
                alter table public.vantage_sync_state disable trigger user;
                update public.vantage_sync_history set started_at = started_at - interval '91 days', completed_at = completed_at - interval '91 days';
                update public.vantage_sync_state set started_at = started_at - interval '91 days', completed_at = completed_at - interval '91 days' where run_id is not null;
                alter table public.vantage_sync_state enable trigger user;
                """);

        int deleted = retention.deleteOld();

        assertThat(deleted).isEqualTo(4);
        assertThat(ids(reader.get(RUNS))).containsExactly(newestFirst.get(0));
        assertThat(retention.deleteOld()).isZero();
    }

    @Test
    void isKeptForNinetyDays() {
        assertThat(retention.deleteOld()).isZero();
        assertThat(ids(reader.get(RUNS))).hasSize(5);
    }

    @Test
    void isTidiedByATaskThatOutlivesTheService() {
        assertThat(database.query(
                        "select string_agg(task_name, ', ' order by task_name) from public.vantage_scheduled_task"))
                .isEqualTo("delete-old-incidents, delete-old-runs, move-history");
    }

    private void run(String end) {
        newestFirst.add(0, service.post("/sync-states/funds/start").text("run_id"));
        service.post(
                "/sync-states/funds/" + end,
                end.equals("fail") ? "{\"errors\": [{\"code\": \"A\", \"message\": \"b\"}]}" : "{}");
    }

    private static List<String> ids(Response page) {
        assertThat(page.status()).as(page.body()).isEqualTo(200);
        return StreamSupport.stream(page.json().get("runs").spliterator(), false)
                .map(run -> run.get("run_id").asString())
                .toList();
    }
}
