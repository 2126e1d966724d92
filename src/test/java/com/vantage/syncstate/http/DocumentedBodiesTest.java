package com.vantage.syncstate.http;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/** Each operation that takes a body, with one that is none: another document, a part of one, other bytes, another type. */
class DocumentedBodiesTest extends FuzzTest {

    private static final List<String> DOCUMENTS = List.of(
            "",
            " ",
            "\n\r\n\t",
            "{}",
            "[]",
            "[{}]",
            "null",
            "\"\"",
            "\"text\"",
            "0",
            "0.0",
            "-1",
            "1e400",
            "9".repeat(2_000),
            "true",
            "{",
            "}",
            "{}}",
            "{}{}",
            "{},",
            "{\"a\"}",
            "{\"a\":}",
            "{\"a\":1,}",
            "{'a':1}",
            "{a:1}",
            "{\"a\":1 /* b */}",
            "// a\n{}",
            "\ufeff{}",
            "{\"\ud83d\ude00\":\"\ud83d\ude00\"}",
            "{\"\u202e\":\"\u0c1c\u0c4d\u0c1e\u200c\u0c3e\"}",
            "nonsense",
            "<a/>",
            "a=b&c=d",
            "--x\r\nContent-Disposition: form-data; name=\"a\"\r\n\r\nb\r\n--x--",
            "[".repeat(100_000),
            "{\"a\":".repeat(50_000) + "1" + "}".repeat(50_000),
            "[".repeat(50_000) + "]".repeat(50_000),
            "{"
                    + IntStream.range(0, 20_000)
                            .mapToObj(i -> "\"k" + i + "\":" + i)
                            .collect(java.util.stream.Collectors.joining(","))
                    + "}",
            "{\"" + "k".repeat(60_000) + "\":1}");

    private static final List<String> MEDIA_TYPES = List.of(
            "application/xml",
            "application/json;charset=utf-16",
            "application/json;charset=iso-8859-1",
            "application/json;charset=nope",
            "application/json;charset=",
            "application/problem+json",
            "application/merge-patch+json",
            "application/x-ndjson",
            "application/x-www-form-urlencoded",
            "application/octet-stream",
            "text/json",
            "text/plain",
            "multipart/mixed; boundary=x",
            "*/json",
            "\ud83d\ude00/json");

    private static final List<Charset> CHARSETS = List.of(
            StandardCharsets.UTF_16, StandardCharsets.UTF_16LE, StandardCharsets.UTF_16BE, StandardCharsets.ISO_8859_1);

    @TestFactory
    Stream<DynamicTest> handleEveryDocument() {
        return each(
                operation -> operation.body() != null,
                operation -> DOCUMENTS.forEach(body -> handles(operation, operation.call(), body, JSON)));
    }

    @TestFactory
    Stream<DynamicTest> handleEveryPartOfADocument() {
        return each(operation -> operation.body() != null, operation -> {
            String whole = operation.body().toString();
            int step = 1 + whole.length() / 40;
            for (int end = 0; end < whole.length(); end += step) {
                handles(operation, operation.call(), whole.substring(0, end), JSON);
                handles(operation, operation.call(), whole.substring(end), JSON);
                handles(operation, operation.call(), whole.substring(0, end) + "\n" + whole.substring(end), JSON);
            }
        });
    }

    /** The same ones at every run. */
    @TestFactory
    Stream<DynamicTest> handleAnyBytes() {
        return each(operation -> operation.body() != null, operation -> {
            var random = new Random(20251105132840L);
            byte[] whole = operation.body().toString().getBytes(StandardCharsets.UTF_8);
            for (int i = 0; i < 50; i++) {
                byte[] flipped = whole.clone();
                for (int change = 0; change <= i / 10 && flipped.length > 0; change++) {
                    flipped[random.nextInt(flipped.length)] = (byte) random.nextInt();
                }
                handles(operation, operation.call(), flipped, JSON);
                byte[] bytes = new byte[random.nextInt(300)];
                random.nextBytes(bytes);
                handles(operation, operation.call(), bytes, JSON);
            }
            for (Charset charset : CHARSETS) {
                handles(operation, operation.call(), "{\"\u00FC\": \"\u00FC\"}".getBytes(charset), JSON);
                handles(operation, operation.call(), operation.body().toString().getBytes(charset), JSON);
            }
        });
    }

    @TestFactory
    Stream<DynamicTest> handleEveryType() {
        return each(operation -> operation.body() != null, operation -> {
            for (String type : MEDIA_TYPES) {
                handles(operation, operation.call(), operation.body().toString(), "Content-Type: " + type);
            }
            handles(operation, operation.call(), operation.body().toString());
            handles(operation, operation.call(), operation.body().toString(), JSON, JSON);
            handles(operation, operation.call(), operation.body().toString(), JSON, "Content-Type: text/plain");
        });
    }

    @TestFactory
    Stream<DynamicTest> handleEveryCoding() {
        return each(operation -> operation.body() != null, operation -> {
            String body = operation.body().toString();
            for (String coding : List.of("gzip", "deflate", "br", "identity", "gzip, gzip", "nope", "")) {
                handles(operation, operation.call(), body, JSON, "Content-Encoding: " + coding);
                handles(operation, operation.call(), gzip(body), JSON, "Content-Encoding: " + coding);
            }
        });
    }

    private static byte[] gzip(String text) {
        var bytes = new ByteArrayOutputStream();
        try (var gzip = new GZIPOutputStream(bytes)) {
            gzip.write(text.getBytes(StandardCharsets.UTF_8));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return bytes.toByteArray();
    }
}
