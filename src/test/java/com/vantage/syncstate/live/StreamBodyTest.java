package com.vantage.syncstate.live;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.vantage.syncstate.support.ApiTest;
import com.vantage.syncstate.support.TestJwt;
import java.io.IOException;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.test.context.TestPropertySource;

/** A stream needs no body; one that is sent with its request costs nobody else anything. */
@TestPropertySource(properties = {"server.tomcat.threads.max=2", "spring.threads.virtual.enabled=false"})
class StreamBodyTest extends ApiTest {

    private static final int MEBIBYTE = 1 << 20;

    @Autowired
    private StatePoller poller;

    private final List<Socket> sockets = new ArrayList<>();

    @AfterEach
    void close() throws IOException {
        for (Socket socket : sockets) {
            socket.close();
        }
    }

    @Test
    void holdsNoThreadWhereItTricklesPastTheEndOfTheStream() throws Exception {
        String token = TestJwt.signed("authenticated", JWT_SECRET, Duration.ofSeconds(5));
        var trickle = Executors.newSingleThreadScheduledExecutor();
        try {
            for (int i = 0; i < 10; i++) {
                open(token, 1_000);
            }
            List<Socket> slow = List.copyOf(sockets);
            var unused = trickle.scheduleAtFixedRate(
                    () -> slow.forEach(socket -> write(socket, " ")), 0, 100, TimeUnit.MILLISECONDS);
            for (Socket socket : slow) {
                byte[] status = socket.getInputStream().readNBytes(15);
                assertThat(new String(status, StandardCharsets.US_ASCII)).isEqualTo("HTTP/1.1 200 \r\n");
            }
            await().until(() -> poller.streams() == 0);

            assertThat(anonymous
                            .within(Duration.ofSeconds(10))
                            .get("/actuator/health/liveness")
                            .status())
                    .isEqualTo(200);
        } finally {
            trickle.shutdownNow();
        }
    }

    /** One that arrives well is waited for, for as many seconds as its size allows. */
    @Test
    void holdsUpNoOtherStreamWhileItIsWaitedFor() throws Exception {
        try (EventStreamReader other = EventStreamReader.of(reader)) {
            other.next("snapshot");
            Socket waited = open(READER_KEY, MEBIBYTE);
            write(waited, " ".repeat(MEBIBYTE - 1));

            for (int i = 0; i < 3; i++) {
                service.post("/sync-states/accounts/start", "{\"force\": true}");
                other.state("accounts", "running");
            }

            assertThat(waited.getInputStream().available()).isZero();
        }
    }

    private Socket open(String key, int length) throws IOException {
        URI server = URI.create(anonymous.base());
        var socket = new Socket(server.getHost(), server.getPort());
        sockets.add(socket);
        socket.setSoTimeout(20_000);
        write(
                socket,
                "GET /sync-states HTTP/1.1\r\nHost: localhost\r\nAccept: text/event-stream\r\napikey: " + key
                        + "\r\nContent-Length: " + length + "\r\n\r\n");
        return socket;
    }

    private static void write(Socket socket, String text) {
        try {
            socket.getOutputStream().write(text.getBytes(StandardCharsets.US_ASCII));
        } catch (IOException e) {
            // It has been closed, as it may be.
        }
    }
}
