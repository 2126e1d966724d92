package com.vantage.syncstate.live;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.vantage.syncstate.live.EventStreamReader.Event;
import com.vantage.syncstate.support.ApiClient;
import com.vantage.syncstate.support.ApiClient.Response;
import com.vantage.syncstate.support.ApiTest;
import java.net.http.HttpRequest.BodyPublishers;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.beans.factory.annotation.Autowired;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** What the readers of a stream see, and when. */
class LiveTest extends ApiTest {

    @Autowired
    private StatePoller watcher;

    @Test
    void beginsWithEveryStateInDashboardOrder() throws Exception {
        service.post("/sync-states/funds/start");

        try (EventStreamReader live = EventStreamReader.of(reader)) {
            Event snapshot = live.next();

            assertThat(live.status()).isEqualTo(200);
            assertThat(snapshot.name()).isEqualTo("snapshot");
            assertThat(snapshot.json()).isEqualTo(reader.get("/sync-states").json());
            assertThat(snapshot.id()).isNotBlank();
            assertThat(snapshot.retry()).isEqualTo("2000");
        }
    }

    @Test
    void sendsEachChangeWithTheState() throws Exception {
        try (EventStreamReader live = EventStreamReader.of(reader)) {
            live.next("snapshot");

            Response started = service.post("/sync-states/accounts/start");
            Event running = live.next("sync-state");
            service.post("/sync-states/accounts/progress", "{\"records\": 10, \"total\": 20}");
            Event progressed = live.next("sync-state");
            service.post(
                    "/sync-states/accounts/fail", "{\"errors\": [{\"code\": \"A\", \"message\": \"two\\nlines\"}]}");
            Event failed = live.next("sync-state");

            assertThat(running.json()).isEqualTo(withoutThresholds(started));
            assertThat(progressed.json().at("/progress/records").asInt()).isEqualTo(10);
            assertThat(failed.json()).isEqualTo(withoutThresholds(reader.get("/sync-states/accounts")));
            assertThat(failed.id()).isNotEqualTo(running.id());
        }
    }

    @Test
    void sendsIncidentsAsTheyChange() throws Exception {
        database.execute("delete from public.vantage_incident");
        service.post("/sync-states/watched/start");
        service.post("/sync-states/watched/complete");
        try (EventStreamReader live = EventStreamReader.of(reader)) {
            live.next("snapshot");

            service.post("/sync-states/watched/start");
            service.post("/sync-states/watched/fail");
            Event opened = live.incident("watched");
            service.post("/sync-states/watched/start");
            service.post("/sync-states/watched/complete");
            Event closed = live.incident("watched");

            assertThat(opened.json().get("closed_at").isNull()).isTrue();
            assertThat(closed.json())
                    .isEqualTo(reader.get("/incidents?resource=watched").json().at("/incidents/0"));
            assertThat(closed.json().get("events")).hasSize(2);
        }
    }

    @Test
    void sendsACommentWhereNothingHappensForLong() throws Exception {
        try (EventStreamReader live = EventStreamReader.of(reader)) {
            live.next("snapshot");

            assertThat(live.next().name()).isEqualTo(":");
        }
    }

    @Test
    void sendsWhatIsRegisteredAndWhatIsDeleted() throws Exception {
        try (EventStreamReader live = EventStreamReader.of(reader)) {
            live.next("snapshot");

            service.put("/sync-states/prices");
            Event registered = live.next("sync-state");
            service.delete("/sync-states/prices");
            Event deleted = live.next("deleted");

            assertThat(registered.json().get("resource").asString()).isEqualTo("prices");
            assertThat(deleted.data()).isEqualTo("{\"resource\":\"prices\"}");
        }
    }

    @Test
    void sendsWhatSqlChanged() throws Exception {
        try (EventStreamReader live = EventStreamReader.of(reader)) {
            live.next("snapshot");

            database.execute("select public.start_vantage_sync('cashflows')");
            Event started = live.next("sync-state");
            database.execute("delete from public.vantage_sync_state where resource = 'cashflows'");
            Event deleted = live.next("deleted");
            database.execute("insert into public.vantage_sync_state (resource) values ('cashflows')");
            Event registered = live.next("sync-state");

            assertThat(started.json().get("last_sync_status").asString()).isEqualTo("running");
            assertThat(deleted.json().get("resource").asString()).isEqualTo("cashflows");
            assertThat(registered.json()).isEqualTo(withoutThresholds(reader.get("/sync-states/cashflows")));
        }
    }

    @Test
    void sendsAnAlertThatBeginsByTheMerePassingOfTime() throws Exception {
        service.put("/sync-states/accounts", "{\"stuck_after\": \"PT2S\"}");
        service.post("/sync-states/accounts/start");
        try (EventStreamReader live = EventStreamReader.of(reader)) {
            assertThat(live.next("snapshot").data()).doesNotContain("\"kind\":\"stuck\"");

            Event stuck = live.next("sync-state");

            assertThat(stuck.json().at("/alerts").toString()).contains("\"kind\":\"stuck\"");
            assertThat(stuck.json()).isEqualTo(withoutThresholds(reader.get("/sync-states/accounts")));
        }
    }

    @Test
    void sendsTheNextDueTimesOnceOneHasPassedAndNotAgain() throws Exception {
        service.put("/sync-states/accounts", "{\"expect\": {\"cron\": \"0 5 * * *\", \"grace\": \"PT1H\"}}");
        try (EventStreamReader live = EventStreamReader.of(reader)) {
            live.next("snapshot");
            JsonNode before = reader.get("/sync-states/accounts").json().get("next_due");

            database.superuser().execute("""
                    delete from public.vantage_sync_due where resource = 'accounts' and due_at = (
                      select min(due_at) from public.vantage_sync_next_due where resource = 'accounts')
                    """);
            Event passed = live.next("sync-state");
            service.post("/sync-states/funds/start");

            assertThat(passed.json().at("/next_due/0")).isEqualTo(before.get(1));
            assertThat(live.next("sync-state").json().get("resource").asString())
                    .isEqualTo("funds");
        }
    }

    @Test
    void reachesHundredsOfReaders() throws Exception {
        List<EventStreamReader> readers = new ArrayList<>();
        try {
            for (int i = 0; i < 300; i++) {
                readers.add(EventStreamReader.of(reader));
            }
            for (EventStreamReader live : readers) {
                live.next("snapshot");
            }

            service.post("/sync-states/accounts/start");

            for (EventStreamReader live : readers) {
                live.state("accounts", "running");
            }
        } finally {
            readers.forEach(EventStreamReader::close);
        }
        await().atMost(Duration.ofSeconds(20)).until(() -> {
            service.post("/sync-states/accounts/progress");
            return watcher.streams() == 0;
        });
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"0", "-1", "99999999999999999999", "' or 1=1 --", "<script>", "a,b;c=d", "%00%0d%0aevent: x"})
    void beginsAnewWhateverTheReaderSaysItHasSeen(String lastEventId) throws Exception {
        try (EventStreamReader live = EventStreamReader.of(reader.with("Last-Event-ID", lastEventId))) {
            assertThat(live.next().json()).hasSize(3);
        }
    }

    @Test
    void isForThoseWhoAskForIt() {
        assertThat(contentType("*/*")).startsWith("application/json");
        assertThat(contentType("text/*;q=0.5, application/json")).startsWith("application/json");
        assertThat(contentType("application/json, text/event-stream;q=0.5")).startsWith("application/json");
        assertThat(reader.with("Accept", "text/event-stream")
                        .call("HEAD", "/sync-states", BodyPublishers.noBody())
                        .header("Content-Type"))
                .hasValueSatisfying(type -> assertThat(type).startsWith("text/event-stream"));
    }

    @Test
    void isForThoseWhoMayRead() {
        assertThat(stream(anonymous, "").problem()).isEqualTo("unauthenticated");
        assertThat(stream(anonymous.key("nope"), "").problem()).isEqualTo("unauthenticated");
    }

    @Test
    void takesNoParameters() {
        assertThat(stream(reader, "?status=failed").problem()).isEqualTo("invalid-request");
        assertThat(stream(reader, "?apikey=" + READER_KEY).problem()).isEqualTo("invalid-request");
    }

    private String contentType(String accept) {
        return reader.with("Accept", accept)
                .get("/sync-states")
                .header("Content-Type")
                .orElseThrow();
    }

    private static Response stream(ApiClient api, String query) {
        return api.with("Accept", "text/event-stream").get("/sync-states" + query);
    }

    /** A state as the stream and lists have it. */
    private static JsonNode withoutThresholds(Response state) {
        return ((ObjectNode) state.json()).without("thresholds");
    }
}
