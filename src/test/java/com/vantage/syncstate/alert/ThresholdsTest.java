package com.vantage.syncstate.alert;

import static org.assertj.core.api.Assertions.assertThat;

import com.vantage.syncstate.support.ApiClient.Response;
import com.vantage.syncstate.support.ApiTest;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** When alerts are raised for a resource, as a caller sets it. */
class ThresholdsTest extends ApiTest {

    @Test
    void areSetWithTheRegistration() {
        Response registered = service.put(
                "/sync-states/new", "{\"stuck_after\": \"PT1H\", \"stale_after\": \"P2D\", \"slow_after\": \"PT10M\"}");

        assertThat(registered.status()).isEqualTo(201);
        assertThat(registered.text("last_sync_status")).isEqualTo("never_run");
        assertThat(thresholds("new")).isEqualTo("01:00:00 2 days 00:10:00");
    }

    @Test
    void changeOneByOneAndReturnToTheDefaultByNull() {
        Response first = service.put("/sync-states/accounts", "{\"stuck_after\": \"PT1H\", \"slow_after\": \"PT10M\"}");
        service.put("/sync-states/accounts", "{\"stuck_after\": null, \"stale_after\": \"P1W\"}");

        assertThat(first.status()).isEqualTo(200);
        assertThat(thresholds("accounts")).isEqualTo("- 7 days 00:10:00");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "{}"})
    void stayWhereNothingIsProvided(String body) {
        service.put("/sync-states/accounts", "{\"slow_after\": \"PT10M\"}");
        String before = reader.get("/sync-states/accounts").body();

        Response again =
                body.isEmpty() ? service.put("/sync-states/accounts") : service.put("/sync-states/accounts", body);

        assertThat(again.body()).isEqualTo(before);
        assertThat(thresholds("accounts")).isEqualTo("- - 00:10:00");
    }

    @ParameterizedTest
    @CsvSource({
        "1h, 01:00:00, PT1H",
        "30m, 00:30:00, PT30M",
        "45S, 00:00:45, PT45S",
        "2d, 2 days, P2D",
        "2D, 2 days, P2D",
        "90m, 01:30:00, PT1H30M"
    })
    void areTakenAsANumberAndAUnit(String given, String stored, String shown) {
        Response set = service.put("/sync-states/accounts", "{\"slow_after\": \"%s\"}".formatted(given));

        assertThat(thresholds("accounts")).isEqualTo("- - " + stored);
        assertThat(set.json().at("/thresholds/slow_after/value").asString()).isEqualTo(shown);
    }

    @Test
    void areShownWithWhoseTheyAre() {
        Response set = service.put("/sync-states/accounts", "{\"stuck_after\": \"PT1H\"}");

        assertThat(set.json().get("thresholds")).isEqualTo(new JsonMapper().readTree("""
                {
                  "stuck_after": {"value": "PT1H", "source": "resource"},
                  "stale_after": {"value": "PT24H", "source": "default"},
                  "slow_after": {"value": "PT5M", "source": "default"},
                  "fail_after": {"value": 1, "source": "default"}
                }
                """));
    }

    @Test
    void areShownInEveryAnswerThatIsOneState() {
        service.put("/sync-states/accounts", "{\"stuck_after\": \"PT1H\"}");

        List<Response> answers = List.of(
                reader.get("/sync-states/accounts"),
                service.post("/sync-states/accounts/start"),
                service.post("/sync-states/accounts/progress"),
                service.post("/sync-states/accounts/fail"),
                service.post("/sync-states/accounts/start"),
                service.post("/sync-states/accounts/complete"),
                service.put("/sync-states/accounts"));

        assertThat(answers)
                .extracting(answer ->
                        answer.json().at("/thresholds/stuck_after/value").asString())
                .containsOnly("PT1H");
    }

    @ParameterizedTest
    @ValueSource(strings = {"PT0.000001S", "PT1.5S", "P1W", "PT36H", "P1DT2H3M4.25S", "P3650D", "PT90M", "1s"})
    void areShownAsAnAlertShowsThem(String threshold) {
        service.put("/sync-states/accounts", "{\"stale_after\": \"%s\"}".formatted(threshold));

        JsonNode state = reader.get("/sync-states/accounts").json();

        assertThat(state.at("/thresholds/stale_after/value").asString())
                .isEqualTo(state.at("/alerts/0/threshold").asString());
    }

    @Test
    void changeTheTagOfAStateWhenTheDefaultDoes() {
        String tag = reader.get("/sync-states/accounts").header("ETag").orElseThrow();

        database.execute("update public.vantage_sync_setting set slow_after = interval '7 minutes'");
        Response changed = reader.with("If-None-Match", tag).get("/sync-states/accounts");
        database.execute("update public.vantage_sync_setting set slow_after = interval '5 minutes'");

        assertThat(changed.status()).isEqualTo(200);
        assertThat(changed.json().at("/thresholds/slow_after/value").asString()).isEqualTo("PT7M");
    }

    @Test
    void doNotStandInTheWayOfACallWhereTheDefaultsAreGone() {
        service.put(
                "/sync-states/accounts", "{\"stuck_after\": \"1h\", \"stale_after\": \"1d\", \"slow_after\": \"1h\"}");
        database.execute(
                "create table kept as select * from public.vantage_sync_setting; delete from public.vantage_sync_setting");
        try {
            assertThat(service.post("/sync-states/accounts/start").status()).isEqualTo(200);
        } finally {
            database.execute("insert into public.vantage_sync_setting select * from kept; drop table kept");
        }
    }

    @Test
    void leaveARunningSyncRunning() {
        String run = service.post("/sync-states/accounts/start").text("run_id");

        Response set = service.put("/sync-states/accounts", "{\"stuck_after\": \"PT1H\"}");

        assertThat(set.text("last_sync_status")).isEqualTo("running");
        assertThat(set.text("run_id")).isEqualTo(run);
    }

    @Test
    void decideWhenARunCanBeTakenOver() {
        service.put("/sync-states/accounts", "{\"stuck_after\": \"PT1H\"}");
        service.post("/sync-states/accounts/start");
        Response early = service.post("/sync-states/accounts/start");

        service.put("/sync-states/accounts", "{\"stuck_after\": \"PT0.000001S\"}");

        assertThat(early.problem()).isEqualTo("sync-already-running");
        assertThat(service.post("/sync-states/accounts/start").status()).isEqualTo(200);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "\"PT0S\"                 | positive",
                "\"P0D\"                  | positive",
                "\"PT0.0000001S\"         | positive",
                "\"-PT1H\"                | positive",
                "\"PT-1H\"                | ISO 8601",
                "\"P3650DT1S\"            | P3650D",
                "\"P999999999W\"          | P3650D",
                "\"PT99999999999999999S\" | ISO 8601",
                "\"P1Y\"                  | ISO 8601",
                "\"P1M\"                  | ISO 8601",
                "\"P\"                    | ISO 8601",
                "\"PT\"                   | ISO 8601",
                "\"P1DT\"                 | ISO 8601",
                "\"pt1h\"                 | ISO 8601",
                "\"1 hour\"               | ISO 8601",
                "\"30\"                   | ISO 8601",
                "\"5w\"                   | units s, m, h and d",
                "\"1.5h\"                 | units s, m, h and d",
                "\"-1h\"                  | units s, m, h and d",
                "\"1h30m\"                | units s, m, h and d",
                "\"1 h\"                  | units s, m, h and d",
                "\"0m\"                   | positive",
                "\"3651d\"                | P3650D",
                "\"\"                     | ISO 8601",
                "\" PT1H\"                | ISO 8601",
                "\"PT1H; drop\"           | ISO 8601",
                "30                       | ISO 8601",
                "true                     | ISO 8601",
                "{}                       | ISO 8601",
                "[\"PT1H\"]               | ISO 8601",
            })
    void areRefusedWhereTheyAreNoLengthOfTime(String value, String says) {
        for (String key : new String[] {"stuck_after", "stale_after", "slow_after"}) {
            Response refused = service.put("/sync-states/accounts", "{\"%s\": %s}".formatted(key, value));

            assertThat(refused.status()).as(refused.toString()).isEqualTo(400);
            assertThat(refused.problem()).isEqualTo("invalid-request");
            assertThat(refused.json().at("/errors/0/pointer").asString()).isEqualTo("#/" + key);
            assertThat(refused.text("detail")).contains(says);
        }
        assertThat(thresholds("accounts")).isEqualTo("- - -");
    }

    @Test
    void areRefusedAllAtOnceAndRegisterNothingThen() {
        Response refused = service.put(
                "/sync-states/new", "{\"stuck_after\": \"PT0S\", \"stale_after\": \"P1D\", \"slow_after\": 5}");

        assertThat(refused.json().get("errors")).hasSize(2);
        assertThat(reader.get("/sync-states/new").status()).isEqualTo(404);
    }

    @Test
    void refusesAKeyThatIsNone() {
        Response refused = service.put("/sync-states/new", "{\"late_after\": \"PT1H\"}");

        assertThat(refused.status()).isEqualTo(400);
        assertThat(refused.text("detail")).contains("fail_after, slow_after, stale_after, stuck_after");
    }

    @Test
    void takeANumberOfRunsAndReturnToTheDefaultByNull() {
        Response set = service.put("/sync-states/accounts", "{\"fail_after\": 3}");
        Response kept = service.put("/sync-states/accounts", "{\"slow_after\": \"PT10M\"}");
        Response reset = service.put("/sync-states/accounts", "{\"fail_after\": null}");

        assertThat(set.json().at("/thresholds/fail_after").toString())
                .isEqualTo("{\"value\":3,\"source\":\"resource\"}");
        assertThat(kept.json().at("/thresholds/fail_after/value").asInt()).isEqualTo(3);
        assertThat(reset.json().at("/thresholds/fail_after").toString())
                .isEqualTo("{\"value\":1,\"source\":\"default\"}");
    }

    @ParameterizedTest
    @ValueSource(strings = {"0", "-1", "101", "1.5", "1e2", "2147483648", "\"3\"", "true", "[]", "{}"})
    void refuseWhatIsNoNumberOfRuns(String value) {
        Response refused = service.put("/sync-states/accounts", "{\"fail_after\": %s}".formatted(value));

        assertThat(refused.status()).as(refused.toString()).isEqualTo(400);
        assertThat(refused.json().at("/errors/0/pointer").asString()).isEqualTo("#/fail_after");
        assertThat(refused.text("detail")).contains("a whole number from 1 to 100");
        assertThat(reader.get("/sync-states/accounts")
                        .json()
                        .at("/thresholds/fail_after/source")
                        .asString())
                .isEqualTo("default");
    }

    private String thresholds(String resource) {
        return database.query("""
                select concat_ws(' ', coalesce(stuck_after::text, '-'), coalesce(stale_after::text, '-'),
                  coalesce(slow_after::text, '-'))
                from public.vantage_sync_state where resource = '%s'
                """.formatted(resource));
    }
}
