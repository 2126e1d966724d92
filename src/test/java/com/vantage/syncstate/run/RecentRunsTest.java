package com.vantage.syncstate.run;

import static org.assertj.core.api.Assertions.assertThat;

import com.vantage.syncstate.support.ApiClient.Response;
import com.vantage.syncstate.support.ApiTest;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;

/** How the last runs of all resources ended, at a glance; what they come to is proven in {@code db/test/recent.sql}. */
class RecentRunsTest extends ApiTest {

    @Test
    void listsOfEachResourceHowItsLastRunsEnded() {
        run("funds", "complete", "{\"records_synced\": 10}");
        run("funds", "fail", "{\"errors\": []}");
        service.post("/sync-states/accounts/start");

        JsonNode all = reader.get("/recent-runs").json();

        assertThat(all).hasSize(3);
        assertThat(all.get(0).toString())
                .isEqualTo("{\"resource\":\"accounts\",\"statuses\":[],\"started_at\":[],\"durations_ms\":[],"
                        + "\"success_rate\":null,\"usual_duration_ms\":null,\"consecutive_failures\":0,"
                        + "\"failing_since\":null}");
        JsonNode funds = all.get(2);
        JsonNode runs = reader.get("/sync-states/funds/runs").json().get("runs");
        assertThat(funds.get("statuses").toString()).isEqualTo("[\"success\",\"failed\"]");
        assertThat(funds.get("started_at")).containsExactly(runs.at("/1/started_at"), runs.at("/0/started_at"));
        assertThat(funds.get("durations_ms")).containsExactly(runs.at("/1/duration_ms"), runs.at("/0/duration_ms"));
        assertThat(funds.get("success_rate").asDouble()).isEqualTo(0.5);
        assertThat(funds.get("usual_duration_ms")).isEqualTo(runs.at("/1/duration_ms"));
        assertThat(funds.get("consecutive_failures").asInt()).isEqualTo(1);
        assertThat(funds.get("failing_since")).isEqualTo(runs.at("/0/completed_at"));
    }

    @Test
    void answersForTheResourcesThatAreNamed() {
        JsonNode named =
                reader.get("/recent-runs?resources=funds,nope,accounts,funds").json();

        assertThat(named.valueStream().map(each -> each.get("resource").asString()))
                .containsExactly("accounts", "funds");
        assertThat(reader.get("/recent-runs?resources=nope").json()).isEmpty();
    }

    @Test
    void changesItsTagWhenARunEnds() {
        Response before = reader.get("/recent-runs");
        String tag = before.header("ETag").orElseThrow();
        service.post("/sync-states/funds/start");

        assertThat(reader.with("If-None-Match", tag).get("/recent-runs").status())
                .isEqualTo(304);
        service.post("/sync-states/funds/complete");
        assertThat(reader.with("If-None-Match", tag).get("/recent-runs").status())
                .isEqualTo(200);
        assertThat(before.header("Cache-Control")).hasValue("no-cache");
    }

    /** What nobody reads again is shown as it was, which here was deleted behind the back of the states. */
    @Test
    void readsAgainOnlyWhatHasChanged() {
        run("funds", "complete", "{}");
        run("accounts", "complete", "{}");
        assertThat(statuses(reader.get("/recent-runs").json())).containsExactly("[\"success\"]", "[]", "[\"success\"]");

        database.execute("delete from public.vantage_sync_history where resource = 'funds'");
        run("accounts", "fail", "{\"errors\": []}");
        assertThat(statuses(reader.get("/recent-runs").json()))
                .containsExactly("[\"success\",\"failed\"]", "[]", "[\"success\"]");

        run("funds", "fail", "{\"errors\": []}");
        service.delete("/sync-states/accounts");
        service.put("/sync-states/prices", "{}");
        assertThat(statuses(reader.get("/recent-runs").json())).containsExactly("[]", "[\"failed\"]", "[]");
    }

    private static List<String> statuses(JsonNode all) {
        return all.valueStream().map(each -> each.get("statuses").toString()).toList();
    }

    @ParameterizedTest
    @ValueSource(strings = {"resources=", "resources=a,,b", "resources=a%20b", "resources=%27%3B--", "limit=30"})
    void refusesWhatNoResourceIsCalled(String query) {
        Response answer = reader.get("/recent-runs?" + query);

        assertThat(answer.status()).isEqualTo(400);
        assertThat(answer.problem()).isEqualTo("invalid-request");
    }

    @Test
    void takesAThousandNamesAndNoMore() {
        String thousand = IntStream.range(0, 1_000).mapToObj(i -> "r" + i).collect(Collectors.joining(","));

        assertThat(reader.get("/recent-runs?resources=" + thousand).status()).isEqualTo(200);
        assertThat(reader.get("/recent-runs?resources=" + thousand + ",r1000")
                        .json()
                        .at("/errors/0/detail")
                        .asString())
                .contains("1 to 1000 resources");
    }

    private void run(String resource, String ending, String body) {
        service.post("/sync-states/" + resource + "/start");
        assertThat(service.post("/sync-states/" + resource + "/" + ending, body).status())
                .isEqualTo(200);
    }
}
