package com.vantage.syncstate.support;

import static org.assertj.core.api.Assertions.assertThat;

import com.vantage.syncstate.support.RawHttp.Answer;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;

/** Sends what means harm while accounts is running, and watches the states and the log. */
public abstract class HostileTest extends ApiTest {

    protected static final String READER = "apikey: " + READER_KEY;
    protected static final String SERVICE = "apikey: " + SERVICE_KEY;
    protected static final String JSON = "Content-Type: application/json";

    protected RequestLog log;
    private String before;

    @BeforeEach
    void watch() {
        service.post("/sync-states/accounts/start");
        before = states();
        log = RequestLog.open();
    }

    @AfterEach
    void watchNoMore() {
        log.close();
    }

    protected final Answer send(String line, String... headers) {
        return RawHttp.send(service.base(), line, headers);
    }

    protected final Answer sendBody(String line, String body, String... headers) {
        return RawHttp.send(service.base(), line, List.of(headers), body.getBytes(StandardCharsets.UTF_8));
    }

    protected final void assertRefused(Answer answer, int status) {
        Refusal.assertWellFormed(answer);
        assertThat(answer.status()).as("%s", answer).isEqualTo(status);
        assertUntouched();
    }

    /** Answered, or refused well; in any case without a word of it in the log. */
    protected final void assertHandled(Answer answer) {
        assertThat(answer.status()).as("%s", answer).isLessThan(500);
        if (answer.status() >= 400) {
            Refusal.assertWellFormed(answer);
        }
        assertThat(logged()).as("%s", answer).isEmpty();
    }

    protected final void assertUntouched() {
        assertThat(states()).isEqualTo(before);
        assertThat(logged()).isEmpty();
    }

    protected final String states() {
        return reader.get("/sync-states").body();
    }

    /** All but the line that each lifecycle call has, with resource and outcome alone, and that of the first description. */
    protected final List<String> logged() {
        return log.lines().stream()
                .filter(line -> !line.contains("LifecycleMetrics") && !line.contains("AbstractOpenApiResource"))
                .toList();
    }
}
