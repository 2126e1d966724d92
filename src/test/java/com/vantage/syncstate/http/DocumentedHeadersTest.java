package com.vantage.syncstate.http;

import static org.assertj.core.api.Assertions.assertThat;

import com.vantage.syncstate.support.RawHttp.Answer;
import java.util.List;
import java.util.Set;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/** Each operation with headers and methods that it does not expect, and without a key. */
class DocumentedHeadersTest extends FuzzTest {

    private static final List<String> NAMES = List.of(
            "Accept",
            "Accept-Language",
            "Authorization",
            "Content-Type",
            "If-None-Match",
            "Last-Event-ID",
            "Origin",
            "X-Any");

    private static final List<String> VALUES = List.of(
            "",
            " ",
            "\t",
            "\u00a0",
            "\u200b",
            "\u3000",
            "\u0085",
            "\ud83d\ude00",
            "\ud83d\udc69\u200d\ud83d\ude80",
            "\u0c1c\u0c4d\u0c1e\u200c\u0c3e",
            "Z\u0351\u036b\u0343\u036a\u0302",
            "\u202ex",
            "*",
            "*/*",
            "application/xml",
            "text/html;q=0.1",
            "nonsense/nothing",
            "' or '1'='1",
            "${jndi:ldap://x/a}",
            "<script>alert(1)</script>",
            "()",
            "\"",
            "W/\"",
            ",,,",
            "x\r\nX-Injected: 1",
            "x\r X-Injected: 1",
            "9".repeat(1_000),
            "x".repeat(7_000));

    /** What no HTTP client, or a client of another protocol, would send. */
    private static final List<String> STRANGERS = List.of(
            "X-Forwarded-For: ' or 1=1",
            "X-Forwarded-Proto: \ud83d\ude00",
            "X-HTTP-Method-Override: DELETE",
            "X-Method-Override: DELETE",
            "X-Original-URL: /sync-states",
            "X-Rewrite-URL: /sync-states",
            "Upgrade: h2c",
            "Upgrade: websocket",
            "TE: trailers",
            "Trailer: apikey",
            "Max-Forwards: 0",
            "Range: bytes=0-0",
            "Range: 0-0",
            "If-Match: \"x\"",
            "If-Unmodified-Since: Thu, 01 Jan 1970 00:00:00 GMT",
            "If-Modified-Since: yesterday",
            "Prefer: respond-async",
            "Cookie: " + "a=b; ".repeat(1_000),
            "Content-Language: xx",
            "Expect: 100-continue");

    private static final List<String> METHODS = List.of(
            "PATCH",
            "TRACE",
            "LINK",
            "UNLINK",
            "PURGE",
            "LOCK",
            "UNLOCK",
            "PROPFIND",
            "PROPPATCH",
            "MKCOL",
            "COPY",
            "MOVE",
            "SEARCH",
            "REPORT",
            "VIEW",
            "DIFF",
            "HYPOTHETICAL",
            "get");

    /** A third of the values for each operation, the same at every run: every one is sent to a dozen operations. */
    @TestFactory
    Stream<DynamicTest> handleEveryHeader() {
        return each(operation -> true, operation -> {
            int third = Math.floorMod(operation.toString().hashCode(), 3);
            for (String name : NAMES) {
                String[] key = name.equals("Authorization") ? new String[0] : new String[] {SERVICE};
                for (int at = third; at < VALUES.size(); at += 3) {
                    handles(operation, operation.call(), body(operation), headers(key, name + ": " + VALUES.get(at)));
                }
                handles(operation, operation.call(), body(operation), SERVICE, name + ": a", name + ": b");
            }
            STRANGERS.forEach(header -> handles(operation, operation.call(), body(operation), SERVICE, JSON, header));
        });
    }

    @TestFactory
    Stream<DynamicTest> handleManyHeaders() {
        return each(operation -> true, operation -> {
            handles(operation, operation.call(), body(operation), many(80));
            handles(operation, operation.call(), body(operation), many(5_000));
        });
    }

    @TestFactory
    Stream<DynamicTest> letNobodyInWithoutAKey() {
        return each(operation -> !operation.isOpen(), operation -> {
            for (String key : List.of(
                    "apikey:",
                    "apikey: x",
                    "Authorization:",
                    "Authorization: Bearer",
                    "Authorization: Bearer x",
                    "Authorization: Bearer a.b.c",
                    "Authorization: Basic YTpi",
                    "apikey: a, b",
                    "apikey: null",
                    "apikey: \u200b" + SERVICE_KEY,
                    "apikey: " + SERVICE_KEY + "\u00a0",
                    "apikey: " + SERVICE_KEY.toUpperCase(java.util.Locale.ROOT),
                    "apikey: " + "x".repeat(7_000))) {
                Answer answer = handles(operation, operation.call(), body(operation), key, JSON);

                assertThat(answer.status()).as("%s %s", key, answer).isEqualTo(401);
            }
        });
    }

    @TestFactory
    Stream<DynamicTest> refuseEveryOtherMethod() {
        Set<String> documented =
                Set.copyOf(DocumentedOperation.of(anonymous.get("/v3/api-docs").json()).stream()
                        .map(DocumentedOperation::call)
                        .toList());
        return each(
                operation -> !operation.path().startsWith("/rest/v1"),
                operation -> METHODS.stream()
                        .map(method -> method
                                + operation.call().substring(operation.method().length()))
                        .filter(call -> !documented.contains(call))
                        .forEach(call -> {
                            Answer answer = handles(operation, call, "");

                            assertThat(answer.status()).as("%s", answer).isIn(400, 405);
                            assertThat(answer.headers().containsKey("allow")).isEqualTo(answer.status() == 405);
                        }));
    }

    private static String body(DocumentedOperation operation) {
        return operation.body() == null ? "" : operation.body().toString();
    }

    private static String[] headers(String[] first, String last) {
        return Stream.concat(
                        Stream.concat(Stream.of(first), Stream.of(last)),
                        last.startsWith("Content-Type") ? Stream.of() : Stream.of(JSON))
                .toArray(String[]::new);
    }

    private static String[] many(int headers) {
        return IntStream.range(0, headers)
                .mapToObj(i -> "X-" + i + ": \u00fc" + i)
                .toArray(String[]::new);
    }
}
