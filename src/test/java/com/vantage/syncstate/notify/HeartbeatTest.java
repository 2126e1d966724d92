package com.vantage.syncstate.notify;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import com.vantage.syncstate.config.UnusableSettingException;
import com.vantage.syncstate.incident.AlertsEvaluated;
import com.vantage.syncstate.support.Receiver;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;

/** The call of whoever watches the watcher. */
@ExtendWith(OutputCaptureExtension.class)
class HeartbeatTest {

    private static final String PATH = "/beat/secret";

    private final Receiver receiver = new Receiver();
    private final HttpSender http = new HttpSender();
    private final SimpleMeterRegistry meters = new SimpleMeterRegistry();
    private final AtomicLong clock = new AtomicLong();

    @AfterEach
    void close() throws IOException {
        http.destroy();
        receiver.close();
    }

    @Test
    void isSentOnceAMinuteWhileAlertsAreEvaluated() {
        Heartbeat heartbeat = heartbeat(receiver.url(PATH));

        evaluate(heartbeat, Duration.ofSeconds(0));
        evaluate(heartbeat, Duration.ofSeconds(5));
        evaluate(heartbeat, Duration.ofSeconds(55));
        evaluate(heartbeat, Duration.ofSeconds(60));

        await().until(() -> count("sent") == 2);
        assertThat(receiver.at(PATH)).hasSize(2);
        heartbeat.destroy();
    }

    @Test
    void isCountedAndLoggedOnceWhereItFailsWithoutItsAddress(CapturedOutput output) {
        Heartbeat heartbeat = heartbeat(receiver.url(PATH));
        receiver.on(PATH, 500);

        evaluate(heartbeat, Duration.ofSeconds(0));
        evaluate(heartbeat, Duration.ofSeconds(60));
        await().until(() -> count("failed") == 2);
        receiver.works(PATH);
        evaluate(heartbeat, Duration.ofSeconds(120));
        await().untilAsserted(() -> assertThat(output).contains("Heartbeat recovered"));

        assertThat(output).containsOnlyOnce("Heartbeat failed").contains("The receiver answered 500");
        assertThat(output).doesNotContain("secret");
        heartbeat.destroy();
    }

    @Test
    void isNotSentUnlessThereIsAnAddress() {
        Heartbeat heartbeat = heartbeat(null);

        evaluate(heartbeat, Duration.ofSeconds(0));

        assertThat(meters.getMeters()).isEmpty();
        heartbeat.destroy();
    }

    @ParameterizedTest
    @CsvSource({
        "http://example.com/, is not https",
        "https://169.254.169.254/, leads to an address that is not allowed",
        "https://10.0.0.1/, leads to an address that is not allowed",
        "https://user:password@example.com/, must be an https address"
    })
    void refusesAnAddressThatAChannelCouldNotHave(String url, String problem) {
        assertThatThrownBy(() -> new Heartbeat(new HeartbeatProperties(url, false), http, meters))
                .isInstanceOf(UnusableSettingException.class)
                .hasMessageContaining("vantage.notify.heartbeat-url " + problem);
    }

    private Heartbeat heartbeat(@Nullable String url) {
        return new Heartbeat(new HeartbeatProperties(url, true), http, meters, clock::get);
    }

    private void evaluate(Heartbeat heartbeat, Duration at) {
        clock.set(at.toNanos());
        heartbeat.evaluated(new AlertsEvaluated());
    }

    private double count(String outcome) {
        return meters.find("vantage.heartbeats").tag("outcome", outcome).counters().stream()
                .mapToDouble(counter -> counter.count())
                .sum();
    }
}
