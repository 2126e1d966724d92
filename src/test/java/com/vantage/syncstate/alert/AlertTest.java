package com.vantage.syncstate.alert;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.vantage.syncstate.support.ApiClient.Response;
import com.vantage.syncstate.support.ApiTest;
import java.util.List;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;

/** The alerts as HTTP shows them. */
class AlertTest extends ApiTest {

    /** A resource that has never run is stale at once. */
    @BeforeEach
    void letEveryResourceHaveJustSucceeded() {
        database.execute("update public.vantage_sync_state set last_sync_status = 'success', last_sync_time = now()");
    }

    /** With the clock going; how exactly is for AlertThresholdsTest, where it stands. */
    @ParameterizedTest
    @CsvSource({"stuck, 29 minutes, 30 minutes", "stale, 23 hours 59 minutes, 24 hours"})
    void beginsAsTimePasses(String kind, String within, String past) {
        lay(kind, within);
        List<String> before = alerts(reader.get("/alerts").json());
        lay(kind, past);

        assertThat(before).isEmpty();
        assertThat(alerts(reader.get("/alerts").json())).containsExactly("accounts " + kind);
    }

    @Test
    void isThereAtOnceWhereAResourceHasNeverRun() {
        service.put("/sync-states/new", "{\"stale_after\": \"P2D\"}");

        JsonNode alert = reader.get("/alerts").json().get(0);

        assertThat(alert.get("resource").asString()).isEqualTo("new");
        assertThat(alert.get("kind").asString()).isEqualTo("stale");
        assertThat(alert.get("since").asString())
                .isEqualTo(reader.get("/sync-states/new").text("created_at"));
        assertThat(alert.get("threshold").asString()).isEqualTo("P2D");
        assertThat(alert.get("detail").asString()).startsWith("new has never run since it was registered at ");
    }

    @Test
    void isRaisedByAFailureAndClearedByTheRetry() {
        service.post("/sync-states/funds/start");
        Response failed =
                service.post("/sync-states/funds/fail", "{\"errors\": [{\"code\": \"A\", \"message\": \"b\"}]}");
        JsonNode listed = reader.get("/alerts").json();
        Response retried = service.post("/sync-states/funds/start");

        assertThat(alerts(failed.json().get("alerts"))).containsExactly("funds failed");
        assertThat(listed).isEqualTo(failed.json().get("alerts"));
        assertThat(listed.get(0).propertyNames()).containsExactly("resource", "kind", "since", "threshold", "detail");
        assertThat(listed.get(0).get("since").asString()).isEqualTo(failed.text("completed_at"));
        assertThat(listed.get(0).get("threshold").isNull()).isTrue();
        assertThat(listed.get(0).get("detail").asString()).isEqualTo("The latest run of funds failed with 1 error.");
        assertThat(retried.json().get("alerts")).isEmpty();
        assertThat(reader.get("/alerts").json()).isEmpty();
    }

    @Test
    void standsBeforeTheThresholdsInEveryAnswerThatIsAState() {
        List<JsonNode> states = List.of(
                service.put("/sync-states/new").json(),
                service.post("/sync-states/new/start").json(),
                service.post("/sync-states/new/progress").json(),
                service.post("/sync-states/new/complete", "{}").json(),
                reader.get("/sync-states/new").json());

        assertThat(states).allSatisfy(state -> {
            assertThat(state.propertyNames())
                    .endsWith("run_id", "watermark", "progress", "alerts", "expect", "next_due", "thresholds");
            assertThat(state.get("alerts").isArray()).isTrue();
        });
    }

    @Test
    void standsLastInAListWhichHasNoThresholds() {
        assertThat(reader.get("/sync-states").json())
                .allSatisfy(state -> assertThat(state.propertyNames())
                        .endsWith("run_id", "watermark", "progress", "alerts", "expect", "next_due"));
    }

    @Test
    void comesWorstFirst() {
        lay("slow", "1 hour");
        database.execute("""
                insert into public.vantage_sync_state (resource, last_sync_status, started_at, completed_at, last_sync_time, created_at)
                values ('b.stale', 'success', now() - interval '2 days', now() - interval '2 days', now() - interval '2 days', now()),
                  ('a.stuck', 'running', now() - interval '1 hour', null, now(), now()),
                  ('c.stuck', 'running', now() - interval '2 hours', null, now(), now()),
                  ('d.failed', 'failed', now(), now(), null, now() - interval '3 days')
                """);

        assertThat(alerts(reader.get("/alerts").json()))
                .containsExactly(
                        "d.failed failed",
                        "c.stuck stuck",
                        "a.stuck stuck",
                        "d.failed stale",
                        "b.stale stale",
                        "accounts slow");
        assertThat(alerts(state("d.failed"))).containsExactly("d.failed failed", "d.failed stale");
        assertThat(resources("?alert=stale")).containsExactly("d.failed", "b.stale");
        assertThat(resources("?alert=stuck,slow&sort=resource")).containsExactly("a.stuck", "accounts", "c.stuck");
        assertThat(resources("?alert=stuck,stale&status=failed")).containsExactly("d.failed");
        assertThat(resources("?alert=failed&limit=1")).containsExactly("d.failed");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "/sync-states?alert=",
                "/sync-states?alert=late",
                "/sync-states?alert=stuck,",
                "/sync-states?alert=STUCK",
                "/alerts?kind=stuck"
            })
    void refusesWhatIsNoKindOfAlert(String path) {
        Response refused = reader.get(path);

        assertThat(refused.status()).isEqualTo(400);
        assertThat(refused.problem()).isEqualTo("invalid-request");
    }

    @Test
    void changesTheTagsByTheMerePassingOfTime() {
        service.put("/sync-states/accounts", "{\"stale_after\": \"PT3S\"}");
        service.post("/sync-states/accounts/start");
        service.post("/sync-states/accounts/complete", "{}");
        String list = tag("/sync-states");
        String one = tag("/sync-states/accounts");
        String alerts = tag("/alerts");
        String other = tag("/sync-states/funds");

        await().until(() -> !tag("/alerts").equals(alerts));

        assertThat(reader.with("If-None-Match", list).get("/sync-states").status())
                .isEqualTo(200);
        assertThat(reader.with("If-None-Match", one)
                        .get("/sync-states/accounts")
                        .status())
                .isEqualTo(200);
        assertThat(reader.with("If-None-Match", alerts).get("/alerts").status()).isEqualTo(200);
        assertThat(reader.with("If-None-Match", other).get("/sync-states/funds").status())
                .isEqualTo(304);
        assertThat(reader.with("If-None-Match", tag("/alerts")).get("/alerts").status())
                .isEqualTo(304);
        assertThat(reader.get("/alerts").header("Cache-Control")).hasValue("no-cache");
    }

    /** Makes accounts lie that long in what the kind is about. */
    private void lay(String kind, String length) {
        database.execute(
                switch (kind) {
                    case "stuck" -> """
                    update public.vantage_sync_state
                    set last_sync_status = 'never_run', started_at = null, completed_at = null, duration_ms = null
                    where resource = 'accounts';
                    update public.vantage_sync_state
                    set last_sync_status = 'running', started_at = clock_timestamp() - interval '%s'
                    where resource = 'accounts'
                    """.formatted(length);
                    case "stale" -> """
                    update public.vantage_sync_state
                    set started_at = began.at, completed_at = began.at, last_sync_time = began.at
                    from (select clock_timestamp() - interval '%s') as began (at)
                    where resource = 'accounts'
                    """.formatted(length);
                    default -> """
                    update public.vantage_sync_state
                    set last_sync_status = 'never_run', started_at = null, completed_at = null, duration_ms = null
                    where resource = 'accounts';
                    update public.vantage_sync_state
                    set last_sync_status = 'success', started_at = now() - interval '%s', completed_at = now(),
                      last_sync_time = now()
                    where resource = 'accounts'
                    """.formatted(length);
                });
    }

    private String tag(String path) {
        return reader.get(path).header("ETag").orElseThrow();
    }

    private JsonNode state(String resource) {
        return reader.get("/sync-states/" + resource).json();
    }

    private List<String> resources(String query) {
        return StreamSupport.stream(reader.get("/sync-states" + query).json().spliterator(), false)
                .map(state -> state.get("resource").asString())
                .toList();
    }

    /** Of alerts or of a state that has them: the resource and the kind of each. */
    private static List<String> alerts(JsonNode json) {
        JsonNode alerts = json.isArray() ? json : json.get("alerts");
        return StreamSupport.stream(alerts.spliterator(), false)
                .map(alert -> alert.get("resource").asString() + " "
                        + alert.get("kind").asString())
                .toList();
    }
}
