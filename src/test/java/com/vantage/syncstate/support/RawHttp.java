package com.vantage.syncstate.support;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Sends requests as they are given, byte by byte, those among them that no client library would send. */
public final class RawHttp {

    private static final JsonMapper JSON = new JsonMapper();

    private RawHttp() {}

    /**
     * Sends one request and reads its answer.
     *
     * @param line method and address; HTTP/1.1 unless it says another version
     * @param headers beside Host and the length of the body, which it has unless another is given
     */
    public static Answer send(String base, String line, List<String> headers, byte[] body) {
        boolean framed = headers.stream().noneMatch(RawHttp::mayEndTheConnection);
        var head = new StringBuilder(line.contains(" HTTP/") ? line : line + " HTTP/1.1");
        head.append("\r\nHost: localhost\r\n").append(framed ? "" : "Connection: close\r\n");
        headers.forEach(header -> head.append(header).append("\r\n"));
        if (headers.stream().noneMatch(RawHttp::saysTheLength)) {
            head.append("Content-Length: ").append(body.length).append("\r\n");
        }
        var request = new ByteArrayOutputStream();
        request.writeBytes(head.append("\r\n").toString().getBytes(StandardCharsets.UTF_8));
        request.writeBytes(body);
        try {
            return Answer.of(line, RawConnection.exchange(URI.create(base), request.toByteArray(), framed));
        } catch (IOException e) {
            throw new UncheckedIOException(line.substring(0, Math.min(80, line.length())), e);
        }
    }

    /** Sends one without a body. */
    public static Answer send(String base, String line, String... headers) {
        return send(base, line, List.of(headers), new byte[0]);
    }

    private static boolean saysTheLength(String header) {
        return hasName(header, "content-length", "transfer-encoding");
    }

    private static boolean mayEndTheConnection(String header) {
        return saysTheLength(header) || hasName(header, "connection", "expect", "upgrade", "host");
    }

    private static boolean hasName(String header, String... names) {
        return Stream.of(names).anyMatch(header.toLowerCase(Locale.ROOT)::startsWith);
    }

    /**
     * What came back.
     *
     * @param line of the request
     * @param headers by their names in lower case
     */
    public record Answer(String line, int status, Map<String, String> headers, String body) {

        static Answer of(String line, RawConnection.Received received) {
            List<String> head = received.head().lines().toList();
            if (!head.get(0).startsWith("HTTP/1.1 ")) {
                throw new IllegalStateException("No answer to " + line + ": '" + received + "'");
            }
            var headers = new TreeMap<String, String>();
            head.stream().skip(1).forEach(header -> {
                int colon = header.indexOf(':');
                headers.merge(
                        header.substring(0, colon).toLowerCase(Locale.ROOT),
                        header.substring(colon + 1).strip(),
                        (first, second) -> first + ", " + second);
            });
            return new Answer(
                    line, Integer.parseInt(head.get(0).substring(9, 12)), Map.copyOf(headers), received.body());
        }

        public String contentType() {
            return headers.getOrDefault("content-type", "");
        }

        public JsonNode json() {
            return JSON.readTree(body);
        }

        @Override
        public String toString() {
            return line + " -> " + status + " " + headers + " " + body;
        }
    }
}
