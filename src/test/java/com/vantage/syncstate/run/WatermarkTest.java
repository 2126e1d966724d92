package com.vantage.syncstate.run;

import static org.assertj.core.api.Assertions.assertThat;

import com.vantage.syncstate.support.ApiClient.Response;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** From where the next run goes on, over HTTP. */
class WatermarkTest extends RunApiTest {

    @Test
    void isTheCallersOrElseTheStartOfTheRun() {
        start(run);
        Response given =
                service.post(ACCOUNTS + "/complete", "{\"watermark\": \"2025-11-05T10:30:00.123456789+02:00\"}");
        Response started = start(other);
        Response own = end("complete", other);

        assertThat(given.text("watermark")).isEqualTo("2025-11-05T08:30:00.123456Z");
        assertThat(started.text("watermark")).isEqualTo(given.text("watermark"));
        assertThat(own.text("watermark")).isEqualTo(started.text("started_at")).isLessThan(own.text("last_sync_time"));
    }

    @Test
    void aFailureKeepsTheWatermarkAndItsOwnCounts() {
        start(run);
        Response succeeded = end("complete", run);
        start(other);

        Response failed = service.post(
                ACCOUNTS + "/fail",
                "{" + ERRORS + ", \"records_synced\": 3, \"records_created\": 2, \"records_updated\": 1}");

        assertThat(failed.text("watermark")).isEqualTo(succeeded.text("watermark"));
        assertThat(failed.json().get("records_synced").asInt()).isZero();
        assertThat(reader.get(ACCOUNTS + "/runs/" + other)
                        .json()
                        .get("records_synced")
                        .asInt())
                .isEqualTo(3);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "\"tomorrow\"",
                "\"2025-11-05\"",
                "\"2025-11-05T10:30:00\"",
                "1762338600",
                "\"2025-13-05T10:30:00Z\"",
                "\"+10000-01-01T00:00:00Z\"",
                "\"infinity\"",
                "\"\"",
                "true"
            })
    void refusesAWatermarkThatIsNoTime(String watermark) {
        start(run);

        Response refused = service.post(ACCOUNTS + "/complete", "{\"watermark\": " + watermark + "}");

        assertRefused(refused, 400, "invalid-request");
        assertThat(refused.json().get("errors").get(0).get("pointer").asString())
                .isEqualTo("#/watermark");
        assertThat(reader.get(ACCOUNTS).text("last_sync_status")).isEqualTo("running");
    }

    @Test
    void refusesAWatermarkInTheFarFuture() {
        start(run);
        String tomorrow = Instant.now().plus(25, ChronoUnit.HOURS).toString();

        assertRefused(
                service.post(ACCOUNTS + "/complete", "{\"watermark\": \"" + tomorrow + "\"}"), 400, "invalid-request");
        assertRefused(
                service.post(ACCOUNTS + "/complete", "{\"watermark\": \"9999-12-31T23:59:59Z\"}"),
                400,
                "invalid-request");
    }
}
