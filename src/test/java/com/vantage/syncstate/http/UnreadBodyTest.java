package com.vantage.syncstate.http;

import static org.assertj.core.api.Assertions.assertThat;

import com.vantage.syncstate.support.ApiClient;
import com.vantage.syncstate.support.ApiClient.Response;
import com.vantage.syncstate.support.ApiTest;
import java.io.IOException;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.springframework.test.context.TestPropertySource;

/** A body that nobody waits for holds no thread, and does not cost its caller the answer. */
@TestPropertySource(properties = {"server.tomcat.threads.max=2", "spring.threads.virtual.enabled=false"})
class UnreadBodyTest extends ApiTest {

    private static final String HEAD = """
            POST /sync-states/accounts/start HTTP/1.1\r
            Host: localhost\r
            Content-Type: application/json\r
            Content-Length: 1000\r
            \r
            """;

    @Test
    void holdsNoThreadWhereItTrickles() throws Exception {
        ApiClient impatient = anonymous.within(Duration.ofSeconds(10));
        List<Socket> slow = new ArrayList<>();
        var trickle = new Thread(() -> trickle(slow));
        try {
            for (int i = 0; i < 10; i++) {
                Socket socket = connect();
                socket.getOutputStream().write(HEAD.getBytes(StandardCharsets.US_ASCII));
                slow.add(socket);
            }
            trickle.start();

            assertThat(impatient.get("/actuator/health/liveness").status()).isEqualTo(200);
        } finally {
            trickle.interrupt();
            for (Socket socket : slow) {
                socket.close();
            }
        }
    }

    @Test
    void isAnsweredNevertheless() throws Exception {
        try (Socket socket = connect()) {
            socket.getOutputStream().write(HEAD.getBytes(StandardCharsets.US_ASCII));

            String answer = new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);

            assertThat(answer).startsWith("HTTP/1.1 401 ").contains("/problems/unauthenticated");
        }
    }

    @Test
    void isReadToItsEndWhereItArrives() {
        Response refused = anonymous.post("/sync-states/accounts/start", " ".repeat(10 << 20));

        assertThat(refused.problem()).isIn("unauthenticated", "payload-too-large");
    }

    private Socket connect() throws IOException {
        URI server = URI.create(anonymous.base());
        return new Socket(server.getHost(), server.getPort());
    }

    /** A byte to each now and then, as long as anybody listens. */
    private static void trickle(List<Socket> slow) {
        try {
            for (int sent = 0; sent < 600; sent++) {
                for (Socket socket : slow) {
                    write(socket);
                }
                Thread.sleep(100);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private static void write(Socket socket) {
        try {
            socket.getOutputStream().write(' ');
        } catch (IOException e) {
            // It has been closed, as it should be.
        }
    }
}
