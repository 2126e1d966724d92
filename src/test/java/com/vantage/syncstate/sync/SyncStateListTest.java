package com.vantage.syncstate.sync;

import static org.assertj.core.api.Assertions.assertThat;

import com.vantage.syncstate.support.ApiClient.Response;
import com.vantage.syncstate.support.ApiTest;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What {@code GET /sync-states} holds, in which order, and when it is the same as before. */
class SyncStateListTest extends ApiTest {

    @BeforeEach
    void oneResourceOfEachStatusAndMore() {
        for (String resource : List.of("accounts", "zeta", "beta")) {
            service.post("/sync-states/" + resource + "/start");
            service.post("/sync-states/" + resource + "/complete", "{\"records_synced\": " + resource.length() + "}");
        }
        service.post("/sync-states/cashflows/start");
        service.post("/sync-states/prices/start");
        service.post("/sync-states/prices/fail", "{\"errors\": [{\"code\": \"A\", \"message\": \"b\"}]}");
    }

    @Test
    void standsInDashboardOrder() {
        assertThat(resources("")).containsExactly("prices", "cashflows", "funds", "accounts", "beta", "zeta");
    }

    @Test
    void holdsTheRequestedStatuses() {
        assertThat(resources("?status=failed,running")).containsExactly("prices", "cashflows");
        assertThat(resources("?status=never_run")).containsExactly("funds");
    }

    @Test
    void sortsByAKeyEitherWayWithNullsLast() {
        assertThat(resources("?sort=resource"))
                .containsExactly("accounts", "beta", "cashflows", "funds", "prices", "zeta");
        assertThat(resources("?sort=-resource")).first().isEqualTo("zeta");
        assertThat(resources("?sort=last_sync_time"))
                .containsExactly("accounts", "zeta", "beta", "cashflows", "funds", "prices");
        assertThat(resources("?sort=-last_sync_time"))
                .containsExactly("beta", "zeta", "accounts", "cashflows", "funds", "prices");
        assertThat(resources("?sort=-records_synced")).startsWith("accounts", "beta", "zeta");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "resource",
                "last_sync_time",
                "records_synced",
                "records_created",
                "records_updated",
                "started_at",
                "completed_at",
                "duration_ms",
                "created_at",
                "updated_at"
            })
    void sortsByEveryNumericAndTimeKey(String key) {
        assertThat(resources("?sort=" + key)).hasSize(6);
        assertThat(resources("?sort=-" + key)).hasSize(6);
    }

    /** With all that is looked up for a state: alerts, due times and errors. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "sort=-started_at&",
                "sort=duration_ms&",
                "status=failed,success&",
                "sort=-resource&status=running&"
            })
    void beginsAsItDoesWithoutALimit(String query) {
        for (String resource : List.of("prices", "accounts")) {
            service.put(
                    "/sync-states/" + resource,
                    "{\"expect\": {\"cron\": \"0 5 * * *\", \"time_zone\": \"UTC\", \"grace\": \"1h\"}}");
        }
        assertThat(reader.get("/sync-states/prices").json().get("next_due")).isNotEmpty();
        List<String> all = states("?" + query);
        for (int limit = 1; limit <= all.size() + 1; limit++) {
            assertThat(states("?" + query + "limit=" + limit)).isEqualTo(all.subList(0, Math.min(limit, all.size())));
        }
    }

    @Test
    void endsAtTheLimit() {
        assertThat(resources("?limit=2")).containsExactly("prices", "cashflows");
        assertThat(resources("?status=success&sort=-records_synced&limit=1")).containsExactly("accounts");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "?status=",
                "?status=done",
                "?status=failed,",
                "?status=FAILED",
                "?sort=errors",
                "?sort=",
                "?sort=--resource",
                "?sort=resource;drop",
                "?limit=0",
                "?limit=-1",
                "?limit=1.5",
                "?limit=x",
                "?limit=2147483648",
                "?limt=5",
                "?limit=1&limit=2",
                "?%73tatus=x",
            })
    void refusesWhatTheParametersDoNotTake(String query) {
        Response refused = reader.get("/sync-states" + query);

        assertThat(refused.status()).isEqualTo(400);
        assertThat(refused.problem()).isEqualTo("invalid-request");
        assertThat(refused.json().get("errors")).hasSize(1);
    }

    @Test
    void answersNotModifiedUntilSomethingChanges() {
        Response first = reader.get("/sync-states");
        String tag = first.header("ETag").orElseThrow();

        Response same = reader.with("If-None-Match", tag).get("/sync-states");
        service.post("/sync-states/funds/start");
        Response changed = reader.with("If-None-Match", tag).get("/sync-states");

        assertThat(first.header("Cache-Control")).hasValue("no-cache");
        assertThat(same.status()).isEqualTo(304);
        assertThat(same.body()).isEmpty();
        assertThat(changed.status()).isEqualTo(200);
        assertThat(changed.header("ETag").orElseThrow()).isNotEqualTo(tag);
    }

    @ParameterizedTest
    @ValueSource(strings = {"/sync-states", "/sync-states/accounts", "/sync-states/unknown"})
    void sendsTheLengthOfAnAnswer(String path) {
        Response answer = reader.get(path);

        assertThat(answer.header("Content-Length"))
                .hasValue(String.valueOf(answer.body().getBytes(StandardCharsets.UTF_8).length));
    }

    /** Readers share reads; what one of them knows before its request is in its answer. */
    @Test
    void showsEveryReaderWhatWasThereBeforeItAsked() throws Exception {
        var registered = new ConcurrentLinkedQueue<String>();
        List<Callable<Boolean>> readers = new ArrayList<>();
        for (int i = 0; i < 16; i++) {
            String name = "of-reader-" + i;
            readers.add(() -> {
                for (int round = 0; round < 10; round++) {
                    String resource = name + "-" + round;
                    service.put("/sync-states/" + resource);
                    registered.add(resource);
                    List<String> before = List.copyOf(registered);
                    if (!resources("").containsAll(before)) {
                        return false;
                    }
                }
                return true;
            });
        }

        ExecutorService callers = Executors.newFixedThreadPool(readers.size());
        try {
            for (Future<Boolean> all : callers.invokeAll(readers)) {
                assertThat(all.get()).isTrue();
            }
        } finally {
            callers.shutdown();
        }
    }

    @Test
    void tagsOneStateByItselfAlone() {
        String tag = reader.get("/sync-states/accounts").header("ETag").orElseThrow();

        service.post("/sync-states/funds/start");
        int unchanged =
                reader.with("If-None-Match", tag).get("/sync-states/accounts").status();
        service.post("/sync-states/accounts/start");
        int changed =
                reader.with("If-None-Match", tag).get("/sync-states/accounts").status();

        assertThat(unchanged).isEqualTo(304);
        assertThat(changed).isEqualTo(200);
    }

    @Test
    void tagsADifferentOrderDifferently() {
        assertThat(reader.get("/sync-states?sort=resource").header("ETag"))
                .isNotEqualTo(reader.get("/sync-states?sort=-resource").header("ETag"));
    }

    private List<String> states(String query) {
        return StreamSupport.stream(reader.get("/sync-states" + query).json().spliterator(), false)
                .map(Object::toString)
                .toList();
    }

    private List<String> resources(String query) {
        Response answer = reader.get("/sync-states" + query);
        assertThat(answer.status()).isEqualTo(200);
        return StreamSupport.stream(answer.json().spliterator(), false)
                .map(state -> state.get("resource").asString())
                .toList();
    }
}
