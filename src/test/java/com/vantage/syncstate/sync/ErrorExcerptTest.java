package com.vantage.syncstate.sync;

import static org.assertj.core.api.Assertions.assertThat;

import com.vantage.syncstate.support.ApiTest;
import java.nio.charset.StandardCharsets;
import java.util.Collections;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;

/** Lists and pages of runs carry a bounded part of what jobs report; one state and one run carry everything. */
class ErrorExcerptTest extends ApiTest {

    private static final String SMALL = "{\"code\": \"A\", \"message\": \"b\"}";

    @BeforeEach
    void fundsRuns() {
        service.post("/sync-states/funds/start");
    }

    @Test
    void listsTheFirstTwentyErrorsAndHowManyThereAre() {
        failWith(250, SMALL);

        JsonNode listed = listed();

        assertThat(listed.get("errors")).hasSize(20);
        assertThat(listed.get("errors_total").asInt()).isEqualTo(250);
        assertThat(listed.get("errors_truncated").asBoolean()).isTrue();
    }

    @Test
    void leavesTwentySmallErrorsAsTheyAre() {
        failWith(20, SMALL);

        JsonNode listed = listed();

        assertThat(listed.get("errors")).hasSize(20);
        assertThat(listed.has("errors_total")).isFalse();
        assertThat(listed.has("errors_truncated")).isFalse();
    }

    @Test
    void readsAllErrorsOfOneState() {
        failWith(250, SMALL);

        JsonNode state = reader.get("/sync-states/funds").json();

        assertThat(state.get("errors")).hasSize(250);
        assertThat(state.has("errors_total")).isFalse();
    }

    @Test
    void readsAllErrorsOfOneRun() {
        failWith(250, SMALL);
        String runId = reader.get("/sync-states/funds").text("run_id");

        JsonNode run = reader.get("/sync-states/funds/runs/" + runId).json();

        assertThat(run.get("errors")).hasSize(250);
        assertThat(run.has("errors_total")).isFalse();
    }

    @Test
    void pagesOfRunsCarryAsLittle() {
        failWith(250, SMALL);

        JsonNode run = reader.get("/sync-states/funds/runs").json().get("runs").get(0);

        assertThat(run.get("errors")).hasSize(20);
        assertThat(run.get("errors_total").asInt()).isEqualTo(250);
        assertThat(run.get("errors_truncated").asBoolean()).isTrue();
    }

    @Test
    void leavesOutWhatDoesNotFitIntoSixteenKibibytes() {
        failWith(10, "{\"code\": \"A\", \"message\": \"" + "m".repeat(3_000) + "\"}");

        JsonNode listed = listed();

        assertThat(listed.get("errors")).hasSize(5);
        assertThat(listed.get("errors_total").asInt()).isEqualTo(10);
        assertThat(bytes(listed.get("errors"))).isLessThanOrEqualTo(16 * 1024);
    }

    @Test
    void shortensALongErrorToItsCodeMessageAndTimestamp() {
        failWith(
                1,
                "{\"code\": \"A\", \"message\": \"" + "m".repeat(50_000)
                        + "\", \"timestamp\": \"2025-11-05T10:30:00Z\", \"stack\": \"" + "s".repeat(50_000) + "\"}");

        JsonNode listed = listed();
        JsonNode error = listed.get("errors").get(0);

        assertThat(error.propertyNames()).containsExactlyInAnyOrder("code", "message", "timestamp");
        assertThat(error.get("message").asString()).isEqualTo("m".repeat(1024));
        assertThat(listed.get("errors_total").asInt()).isEqualTo(1);
        assertThat(listed.get("errors_truncated").asBoolean()).isTrue();
    }

    @Test
    void keepsAnErrorWholeThatIsLargeOnlyAsItIsStored() {
        failWith(1, "{\"code\": \"A\", \"message\": \"b\", \"context\": [" + "1,".repeat(5_000) + "1]}");

        assertThat(bytes(listed().get("errors"))).isLessThanOrEqualTo(16 * 1024);
    }

    @ParameterizedTest
    @ValueSource(strings = {"\\u0001", "\uD83D\uDE00", "\\\"", "ü"})
    void carriesAtLeastOneErrorWhateverItIsWrittenIn(String character) {
        failWith(3, "{\"code\": \"A\", \"message\": \"" + character.repeat(20_000) + "\"}");

        JsonNode errors = listed().get("errors");

        assertThat(errors).isNotEmpty();
        assertThat(bytes(errors)).isLessThanOrEqualTo(16 * 1024);
    }

    @Test
    void aThousandFailuresShareFourMebibytes() {
        String errors = IntStream.range(0, 20)
                .mapToObj(i -> "{\"code\": \"A\", \"message\": \"" + "m".repeat(700) + "\"}")
                .collect(Collectors.joining(",", "[", "]"));
        database.execute("""
                insert into public.vantage_sync_state (resource, last_sync_status, started_at, completed_at, errors)
                select 'r' || i, 'failed', now(), now(), '%s' from generate_series(1, 1000) as i;
                analyze public.vantage_sync_state;
                """.formatted(errors));

        JsonNode states = reader.get("/sync-states?status=failed").json();

        assertThat(states).hasSize(1_000);
        assertThat(states).allSatisfy(state -> assertThat(state.get("errors")).isNotEmpty());
        assertThat(StreamSupport.stream(states.spliterator(), false)
                        .mapToInt(state -> bytes(state.get("errors")))
                        .sum())
                .isLessThanOrEqualTo(4 << 20);
    }

    @Test
    void countsTheErrorsAloneWhereManyReportsAreLarge() {
        database.execute("""
                insert into public.vantage_sync_state (resource, last_sync_status, started_at, completed_at, errors)
                select 'r' || i, 'failed', now(), now(), (
                  select jsonb_agg(jsonb_build_object('code', 'A', 'message', md5(i || ' ' || j))) from generate_series(1, 5000) as j)
                from generate_series(1, 51) as i
                """);

        JsonNode states = reader.get("/sync-states?status=failed").json();

        assertThat(states).hasSize(51).allSatisfy(state -> {
            assertThat(state.get("errors")).isEmpty();
            assertThat(state.get("errors_total").asInt()).isEqualTo(5_000);
            assertThat(state.get("errors_truncated").asBoolean()).isTrue();
        });
    }

    @Test
    void shortensWhatAnOlderTableHoldsInsteadOfErrors() {
        database.execute("update public.vantage_sync_state set last_sync_status = 'failed', completed_at = now(),"
                + " errors = jsonb_build_array(repeat('x', 20000), null) where resource = 'funds'");

        JsonNode errors = listed().get("errors");

        assertThat(errors.get(0).get("message").asString()).startsWith("\"xxx");
        assertThat(errors.get(1).isNull()).isTrue();
    }

    private void failWith(int count, String error) {
        String errors = String.join(",", Collections.nCopies(count, error));
        assertThat(service.post("/sync-states/funds/fail", "{\"errors\": [" + errors + "]}")
                        .status())
                .isEqualTo(200);
    }

    private JsonNode listed() {
        return StreamSupport.stream(reader.get("/sync-states").json().spliterator(), false)
                .filter(state -> state.get("resource").asString().equals("funds"))
                .findFirst()
                .orElseThrow();
    }

    private static int bytes(JsonNode json) {
        return json.toString().getBytes(StandardCharsets.UTF_8).length;
    }
}
