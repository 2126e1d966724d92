package com.vantage.syncstate.run;

import static org.assertj.core.api.Assertions.assertThat;

import com.vantage.syncstate.support.ApiClient.Response;
import com.vantage.syncstate.support.ApiTest;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Locale;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;

/** Which due times no run has met; when that is so is proven in {@code db/test/missed.sql}. */
class MissedRunTest extends ApiTest {

    private static final DateTimeFormatter SECONDS =
            DateTimeFormatter.ofPattern("yyyy-MM-dd'T'HH:mm:ssxxx", Locale.ROOT);

    private final Instant now = Instant.now().truncatedTo(ChronoUnit.SECONDS);

    @BeforeEach
    void due() {
        service.put(
                "/sync-states/funds",
                "{\"expect\": {\"cron\": \"0 5 * * *\", \"time_zone\": \"Asia/Kolkata\", \"grace\": \"1h\"}}");
        due("funds", 26);
        due("funds", 2);
    }

    @Test
    void listsThemNewestFirst() {
        JsonNode missed = reader.get("/missed-runs").json();

        assertThat(missed.toString()).isEqualTo("[" + item(2) + "," + item(26) + "]");
    }

    @Test
    void listsThoseSinceATimeAndNoMoreThanAreWanted() {
        assertThat(times("?since=" + ago(26))).containsExactly(ago(2), ago(26));
        assertThat(times("?since=" + ago(25))).containsExactly(ago(2));
        assertThat(times("?since=" + ago(0))).isEmpty();
        assertThat(times("?limit=1")).containsExactly(ago(2));
    }

    @Test
    void changesItsTagWhenOneIsMetAtLast() {
        Response before = reader.get("/missed-runs");
        String tag = before.header("ETag").orElseThrow();
        service.post("/sync-states/funds/start");

        assertThat(reader.with("If-None-Match", tag).get("/missed-runs").status())
                .isEqualTo(304);
        service.post("/sync-states/funds/complete");
        assertThat(reader.with("If-None-Match", tag).get("/missed-runs").status())
                .isEqualTo(200);
        assertThat(times("")).containsExactly(ago(26));
        assertThat(before.header("Cache-Control")).hasValue("no-cache");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "since=",
                "since=yesterday",
                "since=2026-11-22T05:30:00",
                "since=%2B99999-01-01T00:00:00Z",
                "limit=0",
                "limit=10001",
                "resources=funds"
            })
    void refusesWhatItCannotRead(String query) {
        Response answer = reader.get("/missed-runs?" + query);

        assertThat(answer.status()).isEqualTo(400);
        assertThat(answer.problem()).isEqualTo("invalid-request");
    }

    private List<String> times(String query) {
        return reader.get("/missed-runs" + query)
                .json()
                .valueStream()
                .map(each -> each.get("due_at").asString())
                .toList();
    }

    private String item(int hours) {
        return "{\"resource\":\"funds\",\"due_at\":\"" + ago(hours) + "\",\"local\":\""
                + now.minus(hours, ChronoUnit.HOURS)
                        .atOffset(ZoneOffset.ofHoursMinutes(5, 30))
                        .format(SECONDS)
                + "\",\"deadline\":\"" + ago(hours - 1) + "\"}";
    }

    private String ago(int hours) {
        return now.minus(hours, ChronoUnit.HOURS).toString().replace("Z", ".000000Z");
    }

    private void due(String resource, int hoursAgo) {
        database.execute("""
                insert into public.vantage_sync_due (resource, due_at, counts_from, deadline)
                select '%s', d.at, d.at - interval '1 hour', d.at + interval '1 hour'
                from (select timestamptz '%s' as at) as d
                """.formatted(resource, ago(hoursAgo)));
    }
}
