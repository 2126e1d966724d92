package com.vantage.syncstate.sync;

import static org.assertj.core.api.Assertions.assertThat;

import com.vantage.syncstate.support.ApiClient.Response;
import com.vantage.syncstate.support.ApiTest;
import java.time.LocalDate;
import java.time.OffsetDateTime;
import java.time.ZoneId;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.JsonNode;

/** Schedules and skipped days by HTTP; their rules are proven in SQL. */
class ScheduleTest extends ApiTest {

    private static final String FUNDS = "/sync-states/funds";
    private static final String WEEKDAYS = """
            {"expect": {"cron": "0 5 * * MON-FRI", "time_zone": "Europe/Paris", "grace": "1h"}}
            """;

    @Test
    void isInEveryAnswerWithTheNextThreeTimes() {
        Response set = service.put(FUNDS, WEEKDAYS);

        JsonNode due = set.json().get("next_due");
        assertThat(set.status()).isEqualTo(200);
        assertThat(set.json().get("expect").toString())
                .isEqualTo("{\"cron\":\"0 5 * * MON-FRI\",\"grace\":\"PT1H\",\"time_zone\":\"Europe/Paris\"}");
        assertThat(due).hasSize(3);
        for (JsonNode time : due) {
            OffsetDateTime local = OffsetDateTime.parse(time.get("local").asString());
            assertThat(local.toInstant())
                    .isEqualTo(
                            OffsetDateTime.parse(time.get("due_at").asString()).toInstant());
            assertThat(local.getHour()).isEqualTo(5);
            assertThat(local.getDayOfWeek().getValue()).isLessThanOrEqualTo(5);
            assertThat(local.getOffset())
                    .isEqualTo(ZoneId.of("Europe/Paris").getRules().getOffset(local.toInstant()));
        }
        assertThat(reader.get(FUNDS).json()).isEqualTo(set.json());
        assertThat(listed().get("next_due")).isEqualTo(due);
        assertThat(listed().get("expect")).isEqualTo(set.json().get("expect"));
        assertThat(service.post(FUNDS + "/start").json().get("next_due")).isEqualTo(due);
    }

    @Test
    void isWithoutOneUntilItIsSetAndOnceItIsTakenAway() {
        Response before = reader.get(FUNDS);
        service.put(FUNDS, WEEKDAYS);

        Response left = service.put(FUNDS, "{\"fail_after\": 2}");
        Response away = service.put(FUNDS, "{\"expect\": null}");

        assertThat(before.json().get("expect").isNull()).isTrue();
        assertThat(before.json().get("next_due")).isEmpty();
        assertThat(left.json().get("next_due")).hasSize(3);
        assertThat(away.json().get("expect").isNull()).isTrue();
        assertThat(away.json().get("next_due")).isEmpty();
        assertThat(away.json().at("/alerts/0/kind").asString()).isEqualTo("stale");
    }

    @Test
    void registersAResourceWithIt() {
        Response registered =
                service.put("/sync-states/hourly", "{\"expect\": {\"every\": \"1h\", \"grace\": \"15m\"}}");

        assertThat(registered.status()).isEqualTo(201);
        assertThat(registered.json().get("expect").toString()).isEqualTo("{\"every\":\"PT1H\",\"grace\":\"PT15M\"}");
        assertThat(registered.json().get("next_due")).hasSize(3);
        assertThat(registered.json().get("alerts")).isEmpty();
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            7                                                               | #/expect           | either cron or every
            {"cron": "0 5 30 2 *", "grace": "1h"}                           | #/expect/cron      | never fires
            {"cron": "0 5 1 * MON", "grace": "1h"}                          | #/expect/cron      | both
            {"cron": "0 5 * * *", "time_zone": "Mars/Olympus", "grace":"1h"}| #/expect/time_zone | IANA
            {"cron": "0 * * * *", "grace": "2h"}                            | #/expect/grace     | at the shortest
            {"every": "1h", "grace": "15m", "at": 5}                        | #/expect/at        | every, grace
            """)
    void refusesWhatIsNoneAndSaysWhatToDo(String expect, String pointer, String detail) {
        Response refused = service.put(FUNDS, "{\"expect\": " + expect + "}");

        assertThat(refused.status()).isEqualTo(400);
        assertThat(refused.problem()).isEqualTo("invalid-request");
        assertThat(refused.json().at("/errors/0/pointer").asString()).isEqualTo(pointer);
        assertThat(refused.json().at("/errors/0/detail").asString()).contains(detail);
        assertThat(reader.get(FUNDS).json().get("expect").isNull()).isTrue();
    }

    @Test
    void skipsADayWithAReason() {
        service.put(FUNDS, WEEKDAYS);
        String day = listed().at("/next_due/0/local").asString().substring(0, 10);
        String tag = reader.get(FUNDS).header("ETag").orElseThrow();

        Response skipped = service.put(FUNDS + "/skipped-days/" + day, "{\"reason\": \"Holiday\"}");
        JsonNode days = reader.get(FUNDS + "/skipped-days").json();
        String next = listed().at("/next_due/0/local").asString();
        Response restored = service.delete(FUNDS + "/skipped-days/" + day);

        assertThat(skipped.status()).isEqualTo(200);
        assertThat(skipped.text("day")).isEqualTo(day);
        assertThat(days).containsExactly(skipped.json());
        assertThat(LocalDate.parse(next.substring(0, 10))).isAfter(LocalDate.parse(day));
        assertThat(reader.get(FUNDS).header("ETag").orElseThrow()).isNotEqualTo(tag);
        assertThat(restored.status()).isEqualTo(204);
        assertThat(listed().at("/next_due/0/local").asString()).startsWith(day);
        assertThat(reader.get(FUNDS + "/skipped-days").json()).isEmpty();
    }

    @Test
    void refusesToSkipWhatIsNoDayOfACalendar() {
        service.put("/sync-states/hourly", "{\"expect\": {\"every\": \"1h\", \"grace\": \"15m\"}}");
        service.put(FUNDS, WEEKDAYS);
        String why = "{\"reason\": \"Holiday\"}";

        assertThat(service.put("/sync-states/hourly/skipped-days/2027-01-01", why)
                        .problem())
                .isEqualTo("no-calendar");
        assertThat(service.put("/sync-states/nobody/skipped-days/2027-01-01", why)
                        .problem())
                .isEqualTo("sync-state-not-found");
        assertThat(reader.get("/sync-states/nobody/skipped-days").problem()).isEqualTo("sync-state-not-found");
        for (String day : List.of("tomorrow", "2027-02-30", "9999-12-31")) {
            assertThat(service.put(FUNDS + "/skipped-days/" + day, why).status())
                    .as(day)
                    .isEqualTo(400);
        }
        for (String body : List.of("{}", "{\"reason\": \" \"}", "{\"reason\": null}")) {
            assertThat(service.put(FUNDS + "/skipped-days/2027-01-01", body).problem())
                    .as(body)
                    .isEqualTo("invalid-request");
        }
    }

    private JsonNode listed() {
        return reader.get("/sync-states")
                .json()
                .valueStream()
                .filter(state -> state.get("resource").asString().equals("funds"))
                .findAny()
                .orElseThrow();
    }
}
