package com.vantage.syncstate.postgrest;

import static org.assertj.core.api.Assertions.assertThat;

import com.vantage.syncstate.support.ApiClient.Response;
import com.vantage.syncstate.support.ApiTest;
import java.net.http.HttpRequest.BodyPublishers;
import java.util.Collections;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** No request makes the service build an answer that its memory may not hold. */
class AnswerSizeTest extends ApiTest {

    private static final String STATES = "/rest/v1/vantage_sync_state";
    private static final String RUNS = "/rest/v1/vantage_sync_run";

    /** Fifteen reports of a megabyte each. */
    @BeforeEach
    void largeReports() {
        database.execute("""
                insert into public.vantage_sync_state (resource, last_sync_status, started_at, completed_at, errors)
                select 'big' || i, 'failed', now(), now(),
                  jsonb_build_array(jsonb_build_object('code', 'A', 'message', repeat('m', 1000000)))
                from generate_series(1, 15) as i
                """);
    }

    @Test
    void refusesStatesThatAreTooLargeTogether() {
        Response states = reader.get(STATES);

        assertThat(states.status()).as(states.text("message")).isEqualTo(400);
        assertThat(states.json().propertyNames()).containsExactly("code", "details", "hint", "message");
        assertThat(states.text("message")).matches("The answer would be larger than \\d MiB");
        assertThat(states.text("hint")).contains("fewer columns", "limit and offset");
    }

    @Test
    void refusesRunsThatAreTooLargeTogether() {
        assertThat(reader.get(RUNS + "?select=errors").status()).isEqualTo(400);
    }

    @Test
    void refusesAColumnThatIsRepeatedUntilItIsTooLarge() {
        String errors = String.join(",", Collections.nCopies(99, "errors"));

        assertThat(reader.get(RUNS + "?resource=eq.big1&select=" + errors).text("code"))
                .isEqualTo("54000");
    }

    @Test
    void refusesMoreThanAHundredColumns() {
        String names = String.join(",", Collections.nCopies(101, "status"));

        assertThat(reader.get(RUNS + "?select=" + names).text("message"))
                .isEqualTo("Not supported here: more than 100 columns");
    }

    @Test
    void refusesLongKeysThatAreTooLargeInAThousandRows() {
        database.execute("insert into public.vantage_sync_state (resource)"
                + " select 'r' || i from generate_series(1, 1000) as i");

        assertThat(reader.get(STATES + "?select=" + "k".repeat(10_000) + ":resource")
                        .text("code"))
                .isEqualTo("54000");
    }

    @Test
    void countsALargePageNevertheless() {
        Response counted = reader.with("Prefer", "count=exact").get(STATES + "?select=resource&limit=3");

        assertThat(counted.status()).isEqualTo(206);
        assertThat(counted.header("Content-Range")).hasValue("0-2/18");
    }

    @Test
    void readsOneLargeReport() {
        Response one = reader.get(STATES + "?resource=eq.big1");

        assertThat(one.status()).isEqualTo(200);
        assertThat(one.json().at("/0/errors/0/message").asString()).hasSize(1_000_000);
    }

    @Test
    void leavesTheStateAloneWhereTheAnswerOfACallWouldBeTooLarge() {
        String errors = String.join(",", Collections.nCopies(99, "errors"));

        Response started =
                service.post("/rest/v1/rpc/start_vantage_sync?select=" + errors, "{\"p_resource\": \"big1\"}");

        assertThat(started.text("code")).as(started.toString()).isEqualTo("54000");
        assertThat(reader.get("/sync-states/big1").text("last_sync_status")).isEqualTo("failed");
    }

    @Test
    void leavesTheRowsAloneWhereTheAnswerOfAWriteWouldBeTooLarge() {
        Response changed = service.with("Prefer", "return=representation")
                .with("Content-Type", "application/json")
                .call("PATCH", STATES + "?resource=like.big*", BodyPublishers.ofString("{\"records_synced\": 7}"));

        assertThat(changed.text("code")).as(changed.toString()).isEqualTo("54000");
        assertThat(reader.get("/sync-states/big1").json().get("records_synced").asInt())
                .isZero();
    }

    @Test
    void changesAnyNumberOfLargeRowsWhereTheyAreNotAnswered() {
        Response changed = service.with("Content-Type", "application/json")
                .call("PATCH", STATES + "?resource=like.big*", BodyPublishers.ofString("{\"records_synced\": 7}"));

        assertThat(changed.status()).as(changed.toString()).isEqualTo(204);
        assertThat(reader.get("/sync-states/big15").json().get("records_synced").asInt())
                .isEqualTo(7);
    }

    @Test
    void deletesNothingWhereASingleRowWasMeantAndMoreMatch() {
        Response deleted =
                service.with("Accept", "application/vnd.pgrst.object+json").delete(STATES + "?resource=like.big*");

        assertThat(deleted.status()).isEqualTo(406);
        assertThat(deleted.text("code")).isEqualTo("PGRST116");
        assertThat(reader.get("/sync-states/big1").status()).isEqualTo(200);
    }

    @Test
    void changesNothingWhereASingleRowWasMeantAndMoreMatch() {
        Response changed = service.with("Accept", "application/vnd.pgrst.object+json")
                .with("Content-Type", "application/json")
                .call("PATCH", STATES + "?resource=like.big*", BodyPublishers.ofString("{\"records_synced\": 7}"));

        assertThat(changed.status()).isEqualTo(406);
        assertThat(changed.text("code")).isEqualTo("PGRST116");
        assertThat(reader.get("/sync-states/big1").json().get("records_synced").asInt())
                .isZero();
    }
}
