package com.vantage.syncstate.config;

import static org.assertj.core.api.Assertions.assertThat;

import com.vantage.syncstate.VantageSyncStateApplication;
import com.vantage.syncstate.support.TestDatabase;
import com.vantage.syncstate.support.TestDatabase.Address;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;

/** An invalid setting stops the start with a message that names it and a valid value. */
@ExtendWith(OutputCaptureExtension.class)
class UnusableSettingTest {

    private static final Address DATABASE = TestDatabase.create();

    @Test
    void refusesToStartWithoutAKeyOnADatabaseThatIsNotItsOwn(CapturedOutput output) {
        start();

        assertThat(output)
                .contains("APPLICATION FAILED TO START")
                .contains("No key is configured")
                .contains("VANTAGE_KEYS_SERVICE")
                .contains("openssl rand");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "vantage.keys.service=sha256:xyz                  | vantage.keys.service           | sha256:",
                "vantage.keys.ping=too-short                      | vantage.keys.ping              | openssl rand",
                "vantage.keys.ping=0b9ff6a3-5f0e-4b7c-9f60-2a3a5a0c9d11 | vantage.keys.ping        | UUID",
                "vantage.keys.ping=sha256:xyz                     | vantage.keys.ping              | sha256:",
                "vantage.jwt.secret=short                         | vantage.jwt.secret             | openssl rand -hex 32",
                "vantage.http.max-body-size=plenty                | vantage.http.max-body-size     | 1MB",
                "vantage.http.max-body-size=0                     | vantage.http.max-body-size     | 1MB",
                "vantage.alerts.stuck-after=PT0S                  | vantage.alerts.stuck-after     | PT30M",
                "vantage.alerts.stuck-after=soon                  | vantage.alerts.stuck-after     | PT30M",
                "vantage.alerts.stale-after=-PT1H                 | vantage.alerts.stale-after     | PT24H",
                "vantage.alerts.stale-after=P4000D                | vantage.alerts.stale-after     | PT24H",
                "vantage.alerts.slow-after=0                      | vantage.alerts.slow-after      | PT5M",
                "vantage.alerts.slow-after=often                  | vantage.alerts.slow-after      | PT5M",
                "vantage.runs.retention=-P1D                      | vantage.runs.retention         | P90D",
                "vantage.runs.retention=forever                   | vantage.runs.retention         | P90D",
                "vantage.rate-limit.requests=0                    | vantage.rate-limit.requests    | 600",
                "vantage.rate-limit.period=PT0.5S                 | vantage.rate-limit.period      | 1m",
                "vantage.rate-limit.period=P2D                    | vantage.rate-limit.period      | 1m",
                "vantage.notify.channels.ops.kind=slack           | vantage.notify.channels.ops.url | https://hooks.example.com",
                "vantage.notify.channels.ops.kind=pigeon          | vantage.notify.channels.ops.kind | README",
                "vantage.notify.base-url=nowhere                  | vantage.notify.base-url        | https://sync.example.com",
                "vantage.cors.allowed-origins=app.example.com     | vantage.cors.allowed-origins   | https://app.example.com",
                "vantage.datasource.reader.maximum-pool-size=none | vantage.datasource.reader.maximum-pool-size | 10",
                "vantage.datasource.reader.maximum-pool-size=0    | vantage.datasource.reader.maximum-pool-size | 10",
                "vantage.datasource.max-queued-requests=0         | vantage.datasource.max-queued-requests | 80",
            })
    void namesThePropertyAndAValueThatWouldDo(String setting, String property, String remedy, CapturedOutput output) {
        start("--vantage.keys.reader=key", "--" + setting);

        assertThat(output)
                .contains("APPLICATION FAILED TO START")
                .contains(property)
                .contains(remedy);
    }

    @Test
    void refusesAUrlThatWouldReplaceTheRoleOfTheConnections(CapturedOutput output) {
        start(
                "--vantage.keys.reader=key",
                "--vantage.datasource.reader.url=" + DATABASE.url() + "?options=-c%20role=x");

        assertThat(output).contains("APPLICATION FAILED TO START").contains("'options'");
    }

    private static void start(String... settings) {
        List<String> arguments = new ArrayList<>(List.of(
                "--server.port=0",
                "--spring.datasource.url=" + DATABASE.url(),
                "--spring.datasource.username=" + DATABASE.username(),
                "--spring.datasource.password=" + DATABASE.password()));
        arguments.addAll(List.of(settings));
        try {
            SpringApplication.run(VantageSyncStateApplication.class, arguments.toArray(String[]::new))
                    .close();
        } catch (RuntimeException expected) {
            return;
        }
        throw new AssertionError("It started");
    }
}
