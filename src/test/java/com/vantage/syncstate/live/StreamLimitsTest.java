package com.vantage.syncstate.live;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.vantage.syncstate.support.ApiClient;
import com.vantage.syncstate.support.ApiClient.Response;
import com.vantage.syncstate.support.ApiTest;
import com.vantage.syncstate.support.TestJwt;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.test.context.TestPropertySource;

/** Streams are limited in number, and none outlives the token that opened it. */
@TestPropertySource(properties = {"vantage.live.max-streams=3", "vantage.live.max-streams-per-caller=2"})
class StreamLimitsTest extends ApiTest {

    @Autowired
    private StatePoller poller;

    private static int changes;

    private final List<EventStreamReader> streams = new ArrayList<>();

    @AfterEach
    void closeAll() {
        streams.forEach(EventStreamReader::close);
        // The server notices when it writes.
        await().until(() -> {
            service.put("/sync-states/accounts", "{\"stale_after\": \"P" + ++changes + "D\"}");
            return poller.streams() == 0;
        });
    }

    @Test
    void refusesMoreThanTheServiceMayHave() throws Exception {
        open(reader);
        open(reader);
        open(service);

        Response fourth = request(anonymous.key(TestJwt.of("authenticated", JWT_SECRET)));

        assertThat(fourth.status()).isEqualTo(503);
        assertThat(fourth.problem()).isEqualTo("overloaded");
        assertThat(fourth.text("detail")).contains("The service has", "vantage.live.max-streams)");
        assertThat(fourth.header("Retry-After")).isPresent();
    }

    @Test
    void refusesACallerMoreThanTheyMayHave() throws Exception {
        open(reader);
        open(reader);

        Response third = request(reader);

        assertThat(third.status()).isEqualTo(503);
        assertThat(third.text("detail")).contains("This key or subject", "vantage.live.max-streams-per-caller");
    }

    @Test
    void leavesRoomForOtherCallers() throws Exception {
        open(reader);
        open(reader);

        assertThat(open(service).status()).isEqualTo(200);
        assertThat(reader.get("/actuator/prometheus").body()).contains("\nvantage_streams_open 3.0");
    }

    @Test
    void makesRoomWhereAStreamHasEnded() throws Exception {
        open(reader);
        open(reader);
        closeAll();

        assertThat(open(reader).status()).isEqualTo(200);
    }

    @Test
    void countsNoneThatWasRefused() throws Exception {
        open(reader);
        open(reader);
        for (int i = 0; i < 5; i++) {
            request(reader);
        }

        assertThat(open(service).status()).isEqualTo(200);
    }

    @Test
    void endsWhenTheTokenExpires() throws Exception {
        EventStreamReader stream =
                open(anonymous.key(TestJwt.signed("authenticated", JWT_SECRET, Duration.ofSeconds(2))));

        await().until(stream::hasEnded);

        assertThat(poller.streams()).isZero();
    }

    @Test
    void staysOpenForAKey() throws Exception {
        EventStreamReader ofKey = open(reader);
        EventStreamReader ofToken =
                open(anonymous.key(TestJwt.signed("authenticated", JWT_SECRET, Duration.ofSeconds(2))));

        await().until(ofToken::hasEnded);

        assertThat(ofKey.hasEnded()).isFalse();
    }

    private EventStreamReader open(ApiClient caller) throws Exception {
        EventStreamReader stream = EventStreamReader.of(caller);
        streams.add(stream);
        stream.next("snapshot");
        return stream;
    }

    private static Response request(ApiClient caller) {
        return caller.with("Accept", "text/event-stream").get("/sync-states");
    }
}
