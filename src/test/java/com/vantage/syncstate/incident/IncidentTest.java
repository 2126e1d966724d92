package com.vantage.syncstate.incident;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.vantage.syncstate.support.ApiClient.Response;
import com.vantage.syncstate.support.ApiTest;
import com.vantage.syncstate.support.Evaluation;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import tools.jackson.databind.JsonNode;

/** Incidents as HTTP shows them; what makes one is tried by SQL, in db/test/incidents.sql. */
class IncidentTest extends ApiTest {

    private static final String NO_SUCH = "/incidents/9d2c1a0e-5b7f-4c3d-8e6a-1f0b2c3d4e5f";

    @Autowired
    private IncidentRetention retention;

    /** A resource that has never run is stale at once. */
    @BeforeEach
    void letNothingBeWrong() {
        database.execute("update public.vantage_sync_state set last_sync_status = 'success', last_sync_time = now()");
        Evaluation.of(database);
        database.execute("delete from public.vantage_incident; delete from public.vantage_incident_event");
    }

    @Test
    void saysWhetherTheAlertsAreEvaluatedInTime() throws SQLException {
        assertThat(reader.get("/watch").json().get("behind").asBoolean()).isFalse();

        try (var connection = database.connect()) {
            connection.setAutoCommit(false);
            // As an instance would that has begun to evaluate, and hangs.
            try (var statement = connection.createStatement()) {
                statement.execute("select pg_advisory_xact_lock(hashtextextended('public.vantage_incident', 0))");
            }
            database.execute("update public.vantage_watch set evaluated_at = now() - interval '61 seconds'");

            JsonNode late = reader.get("/watch").json();
            assertThat(late.get("behind").asBoolean()).isTrue();
            assertThat(Instant.parse(late.get("evaluated_at").asString())).isBefore(Instant.now());
            database.execute("update public.vantage_watch set evaluated_at = null");

            JsonNode never = reader.get("/watch").json();
            assertThat(never.get("behind").asBoolean()).isTrue();
            assertThat(never.get("evaluated_at").isNull()).isTrue();
        }
    }

    @Test
    void opensWithAFailureAndClosesWithTheSuccessAfterRetries() {
        fail("funds");
        Evaluation.of(database);
        JsonNode opened = only("?open=true&resource=funds");
        service.post("/sync-states/funds/start");
        Evaluation.of(database);
        fail("funds");
        Evaluation.of(database);
        succeed("funds");
        Evaluation.of(database);

        JsonNode closed = only("?open=false&resource=funds");
        assertThat(opened.propertyNames())
                .containsExactly(
                        "incident_id",
                        "resource",
                        "opened_at",
                        "closed_at",
                        "severity",
                        "kinds",
                        "acknowledged",
                        "events",
                        "close_reason",
                        "reopened",
                        "flapping");
        assertThat(opened.get("closed_at").isNull()).isTrue();
        assertThat(opened.get("severity").asString()).isEqualTo("error");
        assertThat(opened.get("kinds").toString()).isEqualTo("[\"failed\"]");
        assertThat(closed.get("incident_id")).isEqualTo(opened.get("incident_id"));
        assertThat(closed.get("opened_at")).isEqualTo(opened.get("opened_at"));
        assertThat(closed.get("close_reason").asString()).isEqualTo("recovered");
        assertThat(types(closed)).containsExactly("opened", "closed");
        assertThat(closed.at("/events/0/detail").asString())
                .isEqualTo("The latest run of funds failed with API_TIMEOUT \"No answer within 30 s\".");
        assertThat(closed.at("/events/1/at")).isEqualTo(closed.get("closed_at"));
        assertThat(reader.get("/incidents?open=true&resource=funds").json().get("incidents"))
                .isEmpty();
        assertThat(reader.get("/incidents/" + id(closed)).json()).isEqualTo(closed);
    }

    @Test
    void waitsForAsManyFailuresAsWereSet() {
        service.put("/sync-states/funds", "{\"fail_after\": 2}");
        fail("funds");
        Evaluation.of(database);
        JsonNode before = reader.get("/incidents").json().get("incidents");
        fail("funds");
        Evaluation.of(database);

        assertThat(before).isEmpty();
        assertThat(only("").get("resource").asString()).isEqualTo("funds");
    }

    @Test
    void isAcknowledgedByWhoeverTakesCareOfIt() {
        fail("funds");
        Evaluation.of(database);
        String path = "/incidents/" + id(only(""));

        Response acknowledged = service.post(path + "/acknowledge", "{\"by\": \"Ada\", \"note\": \"looking\"}");
        Response repeated = service.post(path + "/acknowledge", "{\"by\": \"Ada\", \"note\": \"looking\"}");

        assertThat(acknowledged.status()).isEqualTo(200);
        assertThat(acknowledged.json().at("/acknowledged/by").asString()).isEqualTo("Ada");
        assertThat(acknowledged.json().at("/acknowledged/note").asString()).isEqualTo("looking");
        assertThat(types(acknowledged.json())).containsExactly("opened", "acknowledged");
        assertThat(acknowledged.json().at("/events/1/detail").asString())
                .isEqualTo("The incident of funds is acknowledged by Ada: looking.");
        assertThat(repeated.body())
                .isEqualTo(acknowledged.body())
                .isEqualTo(reader.get(path).body());
    }

    @Test
    void isAcknowledgedWithoutAWord() {
        fail("funds");
        Evaluation.of(database);

        Response acknowledged = service.post("/incidents/" + id(only("")) + "/acknowledge");

        assertThat(acknowledged.json().at("/acknowledged/by").isNull()).isTrue();
        assertThat(acknowledged.json().at("/acknowledged/at").isString()).isTrue();
    }

    @Test
    void takesNoAcknowledgementOfWhatIsClosedOrUnknownOrTooLong() {
        fail("funds");
        Evaluation.of(database);
        String path = "/incidents/" + id(only("")) + "/acknowledge";

        Response tooLong = service.post(path, "{\"by\": \"%s\"}".formatted("x".repeat(201)));
        Response misspelt = service.post(path, "{\"who\": \"Ada\"}");
        succeed("funds");
        Evaluation.of(database);
        Response closed = service.post(path);
        Response unknown = service.post(NO_SUCH + "/acknowledge");

        assertThat(tooLong.status()).isEqualTo(400);
        assertThat(tooLong.json().at("/errors/0/pointer").asString()).isEqualTo("#/by");
        assertThat(misspelt.status()).isEqualTo(400);
        assertThat(closed.status()).isEqualTo(409);
        assertThat(closed.problem()).isEqualTo("incident-closed");
        assertThat(closed.text("resource")).isEqualTo("funds");
        assertThat(closed.text("detail")).contains("GET /incidents?open=true");
        assertThat(unknown.status()).isEqualTo(404);
        assertThat(unknown.problem()).isEqualTo("incident-not-found");
        assertThat(reader.get(NO_SUCH).problem()).isEqualTo("incident-not-found");
    }

    @Test
    void comesPageByPageNewestFirst() {
        database.execute("""
                insert into public.vantage_sync_state (resource, last_sync_status, started_at, completed_at)
                select 'r' || i, 'failed', now(), now() from generate_series(1, 5) as i;
                """);
        Evaluation.of(database);
        fail("funds");
        Evaluation.of(database);

        List<String> seen = new ArrayList<>();
        String cursor = "";
        int pages = 0;
        do {
            JsonNode page = reader.get("/incidents?limit=2" + cursor).json();
            page.get("incidents")
                    .forEach(incident -> seen.add(incident.get("resource").asString()));
            cursor = page.get("next").isNull()
                    ? ""
                    : "&cursor=" + page.get("next").asString();
            pages++;
        } while (!cursor.isEmpty());

        assertThat(pages).isEqualTo(3);
        assertThat(seen).containsExactlyInAnyOrder("funds", "r1", "r2", "r3", "r4", "r5");
        assertThat(seen).startsWith("funds");
    }

    @Test
    void showsTheLatestEventsInAListAndAllOfThemAlone() {
        fail("funds");
        Evaluation.of(database);
        String path = "/incidents/" + id(only(""));
        for (int i = 0; i < 20; i++) {
            service.post(path + "/acknowledge", "{\"note\": \"%s\"}".formatted(i));
        }

        JsonNode listed = only("");
        JsonNode alone = reader.get(path).json();

        assertThat(listed.get("events")).hasSize(20);
        assertThat(listed.at("/events/0/seq").asInt()).isEqualTo(2);
        assertThat(listed.get("events_total").asInt()).isEqualTo(21);
        assertThat(listed.get("events_truncated").asBoolean()).isTrue();
        assertThat(alone.get("events")).hasSize(21);
        assertThat(alone.has("events_total")).isFalse();
    }

    @Test
    void isReadAgainOnlyWhereItHasChanged() {
        fail("funds");
        Evaluation.of(database);
        String path = "/incidents/" + id(only(""));
        String list = tag("/incidents");
        String one = tag(path);
        int listUnchanged = reader.with("If-None-Match", list).get("/incidents").status();
        int oneUnchanged = reader.with("If-None-Match", one).get(path).status();

        service.post(path + "/acknowledge");

        assertThat(listUnchanged).isEqualTo(304);
        assertThat(oneUnchanged).isEqualTo(304);
        assertThat(reader.with("If-None-Match", list).get("/incidents").status())
                .isEqualTo(200);
        assertThat(reader.with("If-None-Match", one).get(path).status()).isEqualTo(200);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "/incidents?open=",
                "/incidents?open=yes",
                "/incidents?open=TRUE",
                "/incidents?resource=a%20b",
                "/incidents?resource=",
                "/incidents?limit=0",
                "/incidents?limit=101",
                "/incidents?cursor=",
                "/incidents?cursor=AAAA",
                "/incidents?cursor=AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA",
                "/incidents?state=open",
                "/incidents/1"
            })
    void refusesWhatItCannotRead(String path) {
        Response refused = reader.get(path);

        assertThat(refused.status()).as(refused.toString()).isEqualTo(400);
        assertThat(refused.problem()).isEqualTo("invalid-request");
    }

    @Test
    void isKeptAsLongAsRunsAre() {
        fail("funds");
        fail("accounts");
        Evaluation.of(database);
        succeed("funds");
        Evaluation.of(database);
        database.execute("""
                update public.vantage_incident
                set opened_at = opened_at - interval '91 days', closed_at = closed_at - interval '91 days'
                """);

        int deleted = retention.deleteOld();

        assertThat(deleted).isEqualTo(1);
        assertThat(only("").get("resource").asString()).isEqualTo("accounts");
    }

    @Test
    void isCountedWithTheTimeOfTheLastEvaluation() {
        fail("funds");
        Evaluation.of(database);

        List<String> metrics = reader.get("/actuator/prometheus").body().lines().toList();

        assertThat(metrics)
                .contains(
                        "vantage_incidents_open{severity=\"error\"} 1.0",
                        "vantage_incidents_open{severity=\"warning\"} 0.0")
                .anyMatch(line -> line.startsWith("vantage_watch_last_evaluation_timestamp_seconds 1.")
                        || line.startsWith("vantage_watch_last_evaluation_timestamp_seconds 2."));
    }

    @Test
    @ExtendWith(OutputCaptureExtension.class)
    void opensOnItsOwnOnceTheDatabaseServesAgain(CapturedOutput output) {
        database.execute(
                "alter function public.evaluate_vantage_alerts(integer) rename to evaluate_vantage_alerts_lost");
        try {
            await().atMost(Duration.ofSeconds(20)).until(() -> output.toString().contains("Alert evaluation failed"));
            fail("funds");
        } finally {
            database.execute(
                    "alter function public.evaluate_vantage_alerts_lost(integer) rename to evaluate_vantage_alerts");
        }

        await().atMost(Duration.ofSeconds(20))
                .untilAsserted(() -> assertThat(
                                reader.get("/incidents?open=true").json().get("incidents"))
                        .hasSize(1));
    }

    /** Together they take longer than a statement may. */
    @Test
    void opensAllHoweverLongEachTakes() {
        database.execute("""
                create function public.dawdle() returns trigger language plpgsql as $$
                begin
                  perform pg_catalog.pg_sleep(0.6);
                  return null;
                end $$;
                create trigger dawdle after insert on public.vantage_incident_event
                for each row execute function public.dawdle();
                insert into public.vantage_sync_state (resource)
                select 'never-' || i from generate_series(1, 6) as i;
                """);
        try {
            await().atMost(Duration.ofSeconds(40))
                    .untilAsserted(() -> assertThat(
                                    reader.get("/incidents?open=true").json().get("incidents"))
                            .hasSize(6));
        } finally {
            database.execute("drop trigger dawdle on public.vantage_incident_event; drop function public.dawdle();");
        }
    }

    private void fail(String resource) {
        service.post("/sync-states/" + resource + "/start");
        service.post(
                "/sync-states/" + resource + "/fail",
                "{\"errors\": [{\"code\": \"API_TIMEOUT\", \"message\": \"No answer within 30 s\"}]}");
    }

    private void succeed(String resource) {
        service.post("/sync-states/" + resource + "/start");
        service.post("/sync-states/" + resource + "/complete");
    }

    private JsonNode only(String query) {
        JsonNode found = reader.get("/incidents" + query).json().get("incidents");
        assertThat(found).hasSize(1);
        return found.get(0);
    }

    private String tag(String path) {
        return reader.get(path).header("ETag").orElseThrow();
    }

    private static String id(JsonNode incident) {
        return incident.get("incident_id").asString();
    }

    private static List<String> types(JsonNode incident) {
        return StreamSupport.stream(incident.get("events").spliterator(), false)
                .map(event -> event.get("type").asString())
                .toList();
    }
}
