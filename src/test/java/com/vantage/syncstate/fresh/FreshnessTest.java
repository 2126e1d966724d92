package com.vantage.syncstate.fresh;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.vantage.syncstate.support.ApiClient.Response;
import com.vantage.syncstate.support.ApiTest;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.beans.factory.annotation.Autowired;
import tools.jackson.databind.JsonNode;

/** The gate for jobs that build on others. The bounds themselves are proven in {@code db/test/freshness.sql}. */
class FreshnessTest extends ApiTest {

    @Autowired
    private FreshnessWaiters waiters;

    @Test
    void letsThroughWhereAllAreFresh() {
        sync("accounts");
        sync("funds");

        Response answer = reader.get("/fresh?resources=funds,accounts&max_age=6h");

        assertThat(answer.status()).isEqualTo(200);
        assertThat(answer.json().get("fresh").asBoolean()).isTrue();
        JsonNode funds = answer.json().get("resources").get(0);
        assertThat(funds.propertyNames()).containsExactly("resource", "fresh", "as_of", "age", "reason");
        assertThat(funds.get("resource").asString()).isEqualTo("funds");
        assertThat(funds.get("as_of").asString())
                .isEqualTo(service.get("/sync-states/funds").text("started_at"));
        assertThat(funds.get("age").asString()).startsWith("PT");
        assertThat(funds.get("reason").asString()).startsWith("funds has data as of ");
    }

    @Test
    void refusesAndSaysOfEachWhy() {
        sync("accounts");

        Response answer = reader.get("/fresh?resources=accounts,funds&max_age=PT6H");

        assertThat(answer.status()).isEqualTo(412);
        assertThat(answer.problem()).isEqualTo("not-fresh");
        assertThat(answer.text("detail")).startsWith("funds has never had a successful sync. ");
        assertThat(answer.json().get("resources")).hasSize(2);
        assertThat(answer.json().get("resources").get(0).get("fresh").asBoolean())
                .isTrue();
        JsonNode funds = answer.json().get("resources").get(1);
        assertThat(funds.propertyNames()).containsExactly("resource", "fresh", "as_of", "age", "reason");
        assertThat(funds.get("fresh").asBoolean()).isFalse();
        assertThat(funds.get("as_of").isNull()).isTrue();
    }

    @Test
    void refusesWhatHasAnAlertWhereNoAgeIsGiven() {
        sync("accounts");
        database.execute(
                "update public.vantage_sync_state set stale_after = '1 microsecond' where resource = 'accounts'");

        Response answer = reader.get("/fresh?resources=accounts");

        assertThat(answer.problem()).isEqualTo("not-fresh");
        assertThat(answer.text("detail")).startsWith("accounts has had no successful sync since ");
    }

    @Test
    void refusesWhatRunsWhereNoneMay() {
        sync("accounts");
        service.post("/sync-states/accounts/start");

        assertThat(reader.get("/fresh?resources=accounts").status()).isEqualTo(200);
        assertThat(reader.get("/fresh?resources=accounts&idle=true").text("detail"))
                .startsWith("accounts is running. ");
    }

    @ParameterizedTest
    @CsvSource({"Z, 200", "+00:00, 200", "%2B00:00, 200", "-01:00, 412"})
    void comparesInstants(String offset, int status) {
        sync("accounts");
        String asOf = service.get("/sync-states/accounts").text("started_at").replace("Z", offset);

        assertThat(reader.get("/fresh?resources=accounts&since=" + asOf).status())
                .isEqualTo(status);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "&wait=PT50S"})
    void doesNotWaitForATypingError(String wait) {
        Response answer = reader.get("/fresh?resources=accounts,acounts" + wait);

        assertThat(answer.status()).isEqualTo(404);
        assertThat(answer.problem()).isEqualTo("sync-state-not-found");
        assertThat(answer.text("resource")).isEqualTo("acounts");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "?resources=",
                "?resources=accounts,",
                "?resources=acc%20ounts",
                "?resources=accounts&max_age=",
                "?resources=accounts&max_age=6",
                "?resources=accounts&max_age=P1M",
                "?resources=accounts&max_age=0s",
                "?resources=accounts&max_age=-PT1H",
                "?resources=accounts&max_age=3651d",
                "?resources=accounts&since=yesterday",
                "?resources=accounts&since=2026-11-22",
                "?resources=accounts&since=9999-11-22T00:00:00Z",
                "?resources=accounts&since=%2B999999999-11-22T00:00:00Z",
                "?resources=accounts&since=0000-01-01T00:00:00Z",
                "?resources=accounts&idle=yes",
                "?resources=accounts&wait=PT56S",
                "?resources=accounts&wait=soon",
                "?resources=accounts&wait=PT1S&wait=PT1S",
                "?resource=accounts",
            })
    void refusesWhatItCannotRead(String query) {
        Response answer = reader.get("/fresh" + query);

        assertThat(answer.status()).isEqualTo(400);
        assertThat(answer.problem()).isEqualTo("invalid-request");
        assertThat(answer.json().get("errors").get(0).get("pointer").asString()).isNotEmpty();
    }

    @Test
    void takesAThousandNamesAndNoMore() {
        String names = "a,".repeat(999);

        assertThat(reader.get("/fresh?resources=" + names + "a").status()).isEqualTo(404);
        assertThat(reader.get("/fresh?resources=" + names + "a,a").status()).isEqualTo(400);
        assertThat(reader.get("/fresh?resources=" + "a,".repeat(9_999) + "a").status())
                .isEqualTo(400);
    }

    @Test
    void waitsForACompletion() {
        CompletableFuture<Response> waiting = waiting("/fresh?resources=accounts,funds&max_age=1h&wait=PT50S");
        sync("funds");
        assertThat(waiting).isNotDone();

        sync("accounts");

        assertThat(waiting.join().status()).isEqualTo(200);
        await().until(() -> waiters.waiting() == 0);
    }

    @Test
    void waitsForADirectWrite() {
        CompletableFuture<Response> waiting = waiting("/fresh?resources=accounts&wait=PT50S");

        database.execute(
                "update public.vantage_sync_state set last_sync_status = 'success' where resource = 'accounts'");

        assertThat(waiting.join().status()).isEqualTo(200);
    }

    @Test
    void waitsForTheEndOfARunWhereNoneMayRun() {
        sync("accounts");
        service.post("/sync-states/accounts/start");
        CompletableFuture<Response> waiting = waiting("/fresh?resources=accounts&idle=true&wait=PT50S");

        service.post("/sync-states/accounts/fail");

        assertThat(waiting.join().status()).isEqualTo(200);
    }

    @Test
    void saysHowThingsStandWhenTheTimeIsOver() {
        Response answer = reader.get("/fresh?resources=accounts&max_age=1h&wait=1s");

        assertThat(answer.problem()).isEqualTo("not-fresh");
        assertThat(answer.json().get("resources")).hasSize(1);
        await().until(() -> waiters.waiting() == 0);
    }

    @Test
    void answersAtOnceWhereAllIsFreshAlready() {
        sync("accounts");

        assertThat(reader.get("/fresh?resources=accounts&wait=PT55S").status()).isEqualTo(200);
        await().until(() -> waiters.waiting() == 0);
    }

    private void sync(String resource) {
        service.post("/sync-states/" + resource + "/start");
        assertThat(service.post("/sync-states/" + resource + "/complete").status())
                .isEqualTo(200);
    }

    private CompletableFuture<Response> waiting(String path) {
        CompletableFuture<Response> answer = CompletableFuture.supplyAsync(() -> reader.get(path));
        await().until(() -> waiters.waiting() == 1);
        return answer;
    }
}
