package com.vantage.syncstate.http;

import static org.assertj.core.api.Assertions.assertThat;

import com.vantage.syncstate.support.ApiTest;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Answers of which each waits for its reader, more of them than there are large buffers to send from. */
class SlowReadersTest extends ApiTest {

    private static final int READERS = 70;
    private static final int REPORTS = 10;

    /** Seven of them are more than the system takes for a connection that is not read. */
    private static final int CHARACTERS = 450_000;

    @Test
    void getTheirOwnAnswers() throws Exception {
        for (int i = 0; i < REPORTS; i++) {
            String message = "report %d ".formatted(i).repeat(CHARACTERS / 10);
            service.post("/sync-states/slow-%d/start".formatted(i));
            service.post(
                    "/sync-states/slow-%d/fail".formatted(i),
                    "{\"errors\": [{\"code\": \"A\", \"message\": \"%s\"}]}".formatted(message));
        }

        List<Socket> readers = new ArrayList<>();
        try {
            for (int i = 0; i < READERS; i++) {
                readers.add(ask(reports(i)));
            }
            for (int i = 0; i < READERS; i++) {
                String expected = reader.get(reports(i)).body();
                assertThat(read(readers.get(i)).endsWith("\r\n\r\n" + expected))
                        .as("the answer to %s", reports(i))
                        .isTrue();
            }
        } finally {
            for (Socket socket : readers) {
                socket.close();
            }
        }
    }

    /** The same, but for those before one of them. */
    private static String reports(int reader) {
        return "/rest/v1/vantage_sync_state?resource=like.slow-*&order=resource&limit=7&offset=" + reader % 4;
    }

    private Socket ask(String path) throws IOException {
        URI base = URI.create(reader.base());
        var socket = new Socket();
        socket.setReceiveBufferSize(4 * 1024);
        socket.setSoTimeout(30_000);
        socket.connect(new InetSocketAddress(base.getHost(), base.getPort()));
        socket.getOutputStream()
                .write("GET %s HTTP/1.1\r\nHost: test\r\napikey: %s\r\nConnection: close\r\n\r\n"
                        .formatted(path, READER_KEY)
                        .getBytes(StandardCharsets.US_ASCII));
        return socket;
    }

    private static String read(Socket socket) throws IOException {
        return new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    }
}
