package com.vantage.syncstate.notify;

import static org.assertj.core.api.Assertions.assertThat;

import com.vantage.syncstate.support.ApiClient.Response;
import com.vantage.syncstate.support.ApiTest;
import com.vantage.syncstate.support.Evaluation;
import java.time.Duration;
import java.time.Instant;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.JsonNode;

/** Mutes by HTTP, and what is sent because of them. */
class MuteTest extends ApiTest {

    @BeforeEach
    void configureOneChannel() {
        database.execute("""
                select public.set_vantage_channels(
                  '[{"name": "ops", "kind": "slack", "is_grouped": true, "min_severity": "error"}]');
                """);
        Evaluation.of(database);
    }

    @AfterEach
    void configureNone() {
        database.superuser().execute("delete from public.vantage_mute");
        database.execute("select public.set_vantage_channels('[]')");
    }

    @Test
    void stopsNotificationsUntilItIsEnded() {
        Response made = service.post("/mutes", """
                {"resources": ["mute*"], "until": "%s", "note": "The source moves", "by": "Ada"}
                """.formatted(Instant.now().plus(Duration.ofHours(2))));
        fail("mute-1");
        fail("loud-1");
        JsonNode listed = reader.get("/mutes").json();
        String notified = notified();

        Response ended = service.delete("/mutes/" + made.json().get("mute_id").asString());
        Evaluation.ofChannels(database);

        assertThat(made.status()).isEqualTo(201);
        assertThat(listed).hasSize(1);
        assertThat(listed.get(0)).isEqualTo(made.json());
        assertThat(made.text("by")).isEqualTo("Ada");
        assertThat(notified).isEqualTo("opened loud-1");
        assertThat(ended.status()).isEqualTo(204);
        assertThat(notified()).isEqualTo("opened loud-1, changed mute-1");
        assertThat(reader.get("/mutes").json()).isEmpty();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "{\"resources\": [\"a\"]}                                            | #/until",
                "{\"resources\": [\"a\"], \"until\": \"2020-01-01T00:00:00Z\"}       | #/until",
                "{\"resources\": [\"a\"], \"until\": \"2999-01-01T00:00:00Z\"}       | #/until",
                "{\"until\": \"SOON\"}                                             | #/resources",
                "{\"resources\": [], \"until\": \"SOON\"}                          | #/resources",
                "{\"resources\": [null], \"until\": \"SOON\"}                      | #/resources",
                "{\"resources\": [\"a b\"], \"until\": \"SOON\"}                   | #/resources",
                "{\"resources\": [\"a\"], \"kinds\": [], \"until\": \"SOON\"}        | #/kinds",
                "{\"resources\": [\"a\"], \"kinds\": [\"loud\"], \"until\": \"SOON\"}| #/kinds"
            })
    void isRefusedWithoutAnEndOrForTooLong(String body, String pointer) {
        String soon = Instant.now().plus(Duration.ofHours(1)).toString();

        Response refused = service.post("/mutes", body.replace("SOON", soon));

        assertThat(refused.status()).as(refused.toString()).isEqualTo(400);
        assertThat(refused.json().at("/errors/0/pointer").asString()).isEqualTo(pointer);
    }

    @Test
    void isNotFoundOnceItIsOver() {
        Response unknown = service.delete("/mutes/" + UUID.randomUUID());

        assertThat(unknown.status()).isEqualTo(404);
        assertThat(unknown.problem()).isEqualTo("mute-not-found");
    }

    private void fail(String resource) {
        service.post("/sync-states/" + resource + "/start");
        service.post("/sync-states/" + resource + "/fail");
        Evaluation.of(database);
    }

    private String notified() {
        return database.query("""
                select coalesce(string_agg(concat(n.type, ' ', e.body ->> 'resource'), ', ' order by n.position), '')
                from public.vantage_notification n
                join public.vantage_incident_event e using (event_id)
                where n.channel = 'ops'
                """);
    }
}
