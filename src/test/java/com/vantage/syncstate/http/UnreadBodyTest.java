package com.vantage.syncstate.http;

import static org.assertj.core.api.Assertions.assertThat;

import com.vantage.syncstate.support.ApiClient;
import com.vantage.syncstate.support.ApiTest;
import java.io.IOException;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.test.context.TestPropertySource;

/** A body that nobody waits for holds no thread, and costs its caller neither the answer nor the connection. */
@TestPropertySource(
        properties = {
            "server.tomcat.threads.max=2",
            "spring.threads.virtual.enabled=false",
            "vantage.http.body-timeout=1s"
        })
class UnreadBodyTest extends ApiTest {

    private static final int LENGTH = 1_000;

    private final List<Socket> sockets = new ArrayList<>();

    @AfterEach
    void close() throws IOException {
        for (Socket socket : sockets) {
            socket.close();
        }
    }

    /** The last two are answered, or handled by the server alone. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "POST /sync-states/accounts/start",
                "PUT /nothing-here",
                "POST /rest/v1/vantage_sync_state",
                "GET /problems/forbidden",
                "POST /ping/a-key-that-is-wrong/accounts/1",
                "POST /%2e%2e/%2f"
            })
    void holdsNoThreadWhereItTrickles(String line) throws Exception {
        ApiClient impatient = anonymous.within(Duration.ofSeconds(10));
        var trickle = Executors.newSingleThreadScheduledExecutor();
        try {
            for (int i = 0; i < 10; i++) {
                write(connect(), head(line));
            }
            List<Socket> slow = List.copyOf(sockets);
            var unused = trickle.scheduleAtFixedRate(
                    () -> slow.forEach(socket -> write(socket, " ")), 0, 100, TimeUnit.MILLISECONDS);

            assertThat(impatient.get("/actuator/health/liveness").status()).isEqualTo(200);
        } finally {
            trickle.shutdownNow();
        }
    }

    @Test
    void learnsOfTheEndWhereItDoesNotCome() throws Exception {
        Socket socket = connect();
        write(socket, head("POST /sync-states/accounts/start"));

        String answer = new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);

        assertThat(answer).startsWith("HTTP/1.1 401 ").contains("Connection: close", "/problems/unauthenticated");
    }

    @Test
    void leavesTheConnectionToItsCallerWhereItComesLate() throws Exception {
        Socket socket = connect();
        write(socket, head("POST /sync-states/accounts/start"));
        write(socket, " ".repeat(LENGTH / 2));
        write(socket, " ".repeat(LENGTH / 2));
        String refused = readAnswer(socket);

        write(socket, "GET /actuator/health/liveness HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n");
        String next = new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);

        assertThat(refused).startsWith("HTTP/1.1 401 ").doesNotContain("Connection: close");
        assertThat(next).startsWith("HTTP/1.1 200 ");
    }

    @Test
    void isReadToItsEndWhereItArrives() {
        assertThat(anonymous
                        .post("/sync-states/accounts/start", " ".repeat(10 << 20))
                        .problem())
                .isEqualTo("unauthenticated");
        assertThat(service.post("/sync-states/accounts/start", " ".repeat(10 << 20))
                        .problem())
                .isEqualTo("payload-too-large");
    }

    @ParameterizedTest
    @ValueSource(strings = {"POST /sync-states/accounts/start", "POST /rest/v1/rpc/start_vantage_sync"})
    void isWaitedForSoLongAndNoLonger(String line) throws Exception {
        Socket socket = connect();
        socket.setSoTimeout(50);
        write(socket, head(line, "apikey: " + SERVICE_KEY));
        String answer = null;
        for (int sent = 0; sent < LENGTH && answer == null; sent++) {
            write(socket, " ");
            answer = answerIfAny(socket);
        }

        assertThat(answer).startsWith("HTTP/1.1 408 ").contains("Connection: close", "vantage.http.body-timeout");
        assertThat(reader.get("/sync-states/accounts").text("last_sync_status")).isEqualTo("never_run");
    }

    private Socket connect() throws IOException {
        URI server = URI.create(anonymous.base());
        var socket = new Socket(server.getHost(), server.getPort());
        socket.setSoTimeout(10_000);
        socket.setTcpNoDelay(true);
        sockets.add(socket);
        return socket;
    }

    private static String head(String line, String... headers) {
        return line + " HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nContent-Length: " + LENGTH
                + "\r\n" + String.join("\r\n", headers) + (headers.length == 0 ? "\r\n" : "\r\n\r\n");
    }

    private static void write(Socket socket, String text) {
        try {
            socket.getOutputStream().write(text.getBytes(StandardCharsets.US_ASCII));
        } catch (IOException e) {
            // It has been closed, as it may be.
        }
    }

    /** An answer that fits into one piece, and leaves the connection open. */
    private static String readAnswer(Socket socket) throws IOException {
        byte[] buffer = new byte[8 * 1024];
        return new String(buffer, 0, socket.getInputStream().read(buffer), StandardCharsets.UTF_8);
    }

    private static String answerIfAny(Socket socket) throws IOException {
        try {
            return readAnswer(socket);
        } catch (SocketTimeoutException e) {
            return null;
        }
    }
}
