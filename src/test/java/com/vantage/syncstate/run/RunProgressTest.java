package com.vantage.syncstate.run;

import static org.assertj.core.api.Assertions.assertThat;

import com.vantage.syncstate.support.ApiClient.Response;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Progress and heartbeats of a run, over HTTP. */
class RunProgressTest extends RunApiTest {

    @Test
    void keepsWhatIsNotReportedAnew() {
        start(run);

        service.post(ACCOUNTS + "/progress", "{\"records\": 10, \"total\": 100, \"run_id\": \"" + run + "\"}");
        Response beat = service.post(ACCOUNTS + "/progress");
        Response more = service.post(ACCOUNTS + "/progress", "{\"records\": 11}");
        Response ended = end("complete", run);

        assertThat(beat.json().get("progress").get("records").asInt()).isEqualTo(10);
        assertThat(more.json().get("progress").get("records").asInt()).isEqualTo(11);
        assertThat(more.json().get("progress").get("total").asInt()).isEqualTo(100);
        assertThat(more.json().get("progress").get("at").asString())
                .isGreaterThanOrEqualTo(beat.json().get("progress").get("at").asString());
        assertThat(ended.json().get("progress").isNull()).isTrue();
        assertThat(reader.get(ACCOUNTS + "/runs/" + run)
                        .json()
                        .get("progress")
                        .get("records")
                        .asInt())
                .isEqualTo(11);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{\"records\": -1}",
                "{\"total\": -1}",
                "{\"records\": 11, \"total\": 10}",
                "{\"records\": 1.5}",
                "{\"records\": \"1\"}",
                "{\"record\": 1}",
                "[]"
            })
    void refusesProgressThatCannotBe(String progress) {
        start(run);

        assertRefused(service.post(ACCOUNTS + "/progress", progress), 400, "invalid-request");
        assertThat(reader.get(ACCOUNTS).json().get("progress").isNull()).isTrue();
    }

    @Test
    void refusesProgressOfWhatDoesNotRun() {
        assertRefused(service.post(ACCOUNTS + "/progress"), 409, "sync-not-running");
        assertRefused(service.post("/sync-states/nope/progress"), 404, "sync-state-not-found");
        start(run);
        end("complete", run);
        assertRefused(end("progress", run), 409, "run-already-finished");
    }
}
