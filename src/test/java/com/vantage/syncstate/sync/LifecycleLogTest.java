package com.vantage.syncstate.sync;

import static org.assertj.core.api.Assertions.assertThat;

import com.vantage.syncstate.support.ApiTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;

/** What the log and the metrics keep of a call. */
@ExtendWith(OutputCaptureExtension.class)
class LifecycleLogTest extends ApiTest {

    @Test
    void hasOneLineACallWithItsResourceOutcomeAndDuration(CapturedOutput output) {
        service.post("/sync-states/accounts/start");
        service.post("/sync-states/accounts/start");
        service.post("/sync-states/nope/complete", "{}");

        assertThat(output.getOut().lines().filter(line -> line.contains("LifecycleMetrics")))
                .satisfiesExactly(
                        line -> assertThat(line).containsPattern("start accounts: applied in \\d+ ms"),
                        line -> assertThat(line).containsPattern("start accounts: sync-already-running in \\d+ ms"),
                        line -> assertThat(line).containsPattern("complete nope: sync-state-not-found in \\d+ ms"));
    }

    @Test
    void neverHasAKeyOrWhatAJobReported(CapturedOutput output) {
        service.post("/sync-states/accounts/start");
        service.post(
                "/sync-states/accounts/fail",
                "{\"errors\": [{\"code\": \"SECRET-CODE\", \"message\": \"secret message\", \"stack\": \"at secret.Place\"}]}");
        service.post("/sync-states/accounts/fail", "{\"errors\": [{\"code\": \"SECRET-CODE\"}]}");
        anonymous.key("secret-wrong-key").get("/sync-states");

        assertThat(output.getAll()).doesNotContainIgnoringCase("secret").doesNotContain(SERVICE_KEY);
    }

    @Test
    void countsCallsByOutcome() {
        service.post("/sync-states/accounts/start");
        service.post("/sync-states/accounts/start");
        // A pool has metrics from its first use on.
        reader.get("/sync-states");

        assertThat(reader.get("/actuator/prometheus").body())
                .contains("vantage_sync_calls_total{call=\"start\",outcome=\"applied\"}")
                .contains("vantage_sync_calls_total{call=\"start\",outcome=\"sync-already-running\"}")
                .contains("hikaricp_connections{pool=\"reader\"}")
                .contains("hikaricp_connections{pool=\"service\"}");
    }
}
