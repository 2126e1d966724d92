package com.vantage.syncstate.sync;

import static org.assertj.core.api.Assertions.assertThat;

import com.vantage.syncstate.support.ApiClient.Response;
import com.vantage.syncstate.support.ApiTest;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;

/** A failing job does not lose its report over a detail. */
class FailureReportTest extends ApiTest {

    @BeforeEach
    void fundsRuns() {
        service.post("/sync-states/funds/start");
    }

    @Test
    void keepsKeysThatAreNotInTheListAsTheyCame() {
        JsonNode error = stored("""
                {"code": "A", "message": "b", "timestamp": "2025-11-05T10:30:00Z", "record_id": 17, "stack": "at x\\n at y",
                 "context": {"attempt": 3, "rate": 1.50, "nested": [null, true]}, "hint": "own key"}""");

        assertThat(error.get("record_id").asInt()).isEqualTo(17);
        assertThat(reader.get("/sync-states/funds").body()).contains("\"rate\": 1.50");
        assertThat(error.get("hint").asString()).isEqualTo("own key");
    }

    @Test
    void storesAReplacementForNulAndLoneSurrogates() {
        JsonNode error = stored("""
                {"code": "a\\u0000b", "message": "x\\ud800y\\udc00z \\ud83d\\ude00", "context": {"k\\u0000": ["\\udfff"]}}""");

        assertThat(error.get("code").asString()).isEqualTo("a\uFFFDb");
        assertThat(error.get("message").asString()).isEqualTo("x\uFFFDy\uFFFDz \uD83D\uDE00");
        assertThat(error.get("context").get("k\uFFFD").get(0).asString()).isEqualTo("\uFFFD");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "1e400",
                "-1e400",
                "1e-400",
                "1e131072",
                "1e999999999",
                "1e2147483648",
                "-1E-2147483649",
                "0e99999999999999999999",
                "0.4e00669999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999"
            })
    void storesANumberTooLargeForAnyReaderAsText(String number) {
        assertThat(stored("{\"code\": \"A\", \"message\": \"b\", \"context\": " + number + "}")
                        .get("context")
                        .isString())
                .isTrue();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "0",
                "-0",
                "1.7976931348623157e308",
                "5e-324",
                "123456789012345678901234567890",
                "0.1",
                "1e0000000000005"
            })
    void storesOtherNumbersAsNumbers(String number) {
        assertThat(stored("{\"code\": \"A\", \"message\": \"b\", \"context\": " + number + "}")
                        .get("context")
                        .isNumber())
                .isTrue();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"2025-11-05", "2025-11-05T10:30", "2025-11-05T10:30:00.123456789+05:30", "2025-11-05 10:30:00Z"})
    void takesTimesAsIso8601WritesThem(String timestamp) {
        assertThat(stored("{\"code\": \"A\", \"message\": \"b\", \"timestamp\": \"" + timestamp + "\"}")
                        .get("timestamp")
                        .asString())
                .isEqualTo(timestamp);
    }

    @Test
    void takesAReportOfNearlyAMebibyte() {
        String message = "m".repeat((1 << 20) - 100);

        assertThat(stored("{\"code\": \"A\", \"message\": \"" + message + "\"}")
                        .get("message")
                        .asString())
                .isEqualTo(message);
    }

    @Test
    void takesAFailureThatKnowsNoReason() {
        Response failed = service.post("/sync-states/funds/fail", "{\"errors\": []}");

        assertThat(failed.text("last_sync_status")).isEqualTo("failed");
    }

    @Test
    void takesAFailureWithoutABody() {
        Response failed = service.post("/sync-states/funds/fail");

        assertThat(failed.text("last_sync_status")).isEqualTo("failed");
        assertThat(failed.json().get("errors").isArray()).isTrue();
        assertThat(failed.json().get("errors")).isEmpty();
    }

    @Test
    void takesAFailureWithAnEmptyBody() {
        Response failed = service.post("/sync-states/funds/fail", "");

        assertThat(failed.text("last_sync_status")).isEqualTo("failed");
    }

    private JsonNode stored(String error) {
        Response failed = service.post("/sync-states/funds/fail", "{\"errors\": [" + error + "]}");
        assertThat(failed.status()).as(failed.body()).isEqualTo(200);
        JsonNode errors = reader.get("/sync-states/funds").json().get("errors");
        assertThat(errors).hasSize(1);
        return errors.get(0);
    }
}
