package com.vantage.syncstate.ping;

import static org.assertj.core.api.Assertions.assertThat;

import com.vantage.syncstate.support.ApiClient.Response;
import com.vantage.syncstate.support.ApiTest;
import com.vantage.syncstate.support.RequestLog;
import java.io.IOException;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.springframework.test.context.TestPropertySource;

/** Pings that come slowly, in part, or too often; each test has a key of its own, whose requests are counted. */
@TestPropertySource(
        properties = {"vantage.http.body-timeout=1s", "vantage.rate-limit.requests=3", "vantage.rate-limit.period=1h"})
class PingLimitsTest extends ApiTest {

    /** With an answer upon which its client repeats it. */
    @Test
    void doesNothingOnAPingThatDoesNotArriveInTime() throws IOException {
        try (Socket socket = connect()) {
            write(socket, "POST /ping/" + PING_KEY + "/accounts/1", "Content-Length: 1000", "gave up\n");

            String answer = new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);

            assertThat(answer).startsWith("HTTP/1.1 408 ").contains("Connection: close");
        }
        assertThat(status("accounts")).isEqualTo("never_run");
    }

    @Test
    void doesNothingOnAPingThatBreaksOffOrCannotBeRead() throws IOException {
        try (RequestLog log = RequestLog.open()) {
            for (String part : List.of("5\r\ngave ", "no length\r\n")) {
                try (Socket socket = connect()) {
                    String headers = "apikey: " + SERVICE_KEY + "\r\nTransfer-Encoding: chunked";
                    write(socket, "POST /ping/-/funds/1", headers, part);
                    socket.shutdownOutput();

                    assertThat(socket.getInputStream().readAllBytes())
                            .asString()
                            .doesNotContain("HTTP/1.1 500");
                }
            }

            assertThat(log.lines()).noneMatch(line -> line.startsWith("ERROR"));
        }
        assertThat(status("funds")).isEqualTo("never_run");
    }

    @Test
    void refusesWhatIsBeyondTheRateOfItsKey() {
        String path = URI.create(service.get("/pings").json().get(0).get("url").asString())
                .getPath();
        for (int i = 0; i < 3; i++) {
            assertThat(anonymous.get(path + "/log").status()).isEqualTo(200);
        }

        Response refused = anonymous.get(path + "/log");

        assertThat(refused.status()).isEqualTo(429);
        assertThat(refused.body()).startsWith("This key or subject has made as many requests");
        assertThat(Integer.parseInt(refused.header("Retry-After").orElseThrow()))
                .isBetween(1, 3600);
    }

    /** Without a request that counts. */
    private @Nullable String status(String resource) {
        return database.query(
                "select last_sync_status from public.vantage_sync_state where resource = '" + resource + "'");
    }

    private Socket connect() throws IOException {
        URI base = URI.create(service.base());
        return new Socket(base.getHost(), base.getPort());
    }

    private static void write(Socket socket, String line, String headers, String body) throws IOException {
        String request = line + " HTTP/1.1\r\nHost: localhost\r\n" + headers + "\r\n\r\n" + body;
        socket.getOutputStream().write(request.getBytes(StandardCharsets.UTF_8));
    }
}
