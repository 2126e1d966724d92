package com.vantage.syncstate.http;

import static org.assertj.core.api.Assertions.assertThat;

import com.vantage.syncstate.support.HostileTest;
import com.vantage.syncstate.support.RawHttp;
import com.vantage.syncstate.support.RawHttp.Answer;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import tools.jackson.databind.JsonNode;

/** Each operation of the OpenAPI document, with each of its parameters and properties at and past its limits. */
class DocumentedOperationsTest extends HostileTest {

    private static final List<String> VALUES = List.of(
            "null",
            "true",
            "\"\"",
            "\" \"",
            "\"x\"",
            "\"\\u0000\"",
            "\"\\ud800\"",
            "0",
            "-0",
            "-1",
            "1.5",
            "1e2",
            "1e400",
            "1e2147483648",
            "2147483647",
            "2147483648",
            "-2147483649",
            "9223372036854775808",
            "9".repeat(500),
            "9".repeat(1_001),
            "[]",
            "[null]",
            "{}",
            "{\"a\":{}}",
            "[".repeat(499) + "]".repeat(499),
            "[".repeat(501) + "]".repeat(501),
            "\"" + "x".repeat(100_000) + "\"",
            "");

    private static final List<String> TEXTS = List.of(
            "",
            "%20",
            "x",
            "0",
            "-1",
            "1",
            "101",
            "2147483647",
            "2147483648",
            "1e9",
            "null",
            "%00",
            "%F0%9F%98%80",
            "a,b",
            ",",
            "x".repeat(10_000));

    private static final List<String> MEDIA_TYPES = List.of(
            "application/xml",
            "application/json;charset=utf-16",
            "application/json;charset=iso-8859-1",
            "application/json;charset=nope",
            "application/json;charset=",
            "application/problem+json",
            "application/x-ndjson",
            "text/json",
            "multipart/mixed; boundary=x",
            "*/json");

    private static final List<Charset> CHARSETS = List.of(
            StandardCharsets.UTF_16, StandardCharsets.UTF_16LE, StandardCharsets.UTF_16BE, StandardCharsets.ISO_8859_1);

    private String before = "";

    @BeforeEach
    void rememberTheStates() {
        before = states();
    }

    @TestFactory
    Stream<DynamicTest> handleEveryBody() {
        return operations().stream()
                .filter(operation -> !operation.properties().isEmpty())
                .map(operation -> DynamicTest.dynamicTest(operation.call(), () -> {
                    operation.bodies().forEach(body -> operation.documents(handles(operation.call(), body)));
                    for (String type : MEDIA_TYPES) {
                        operation.documents(handles(
                                operation.call(), "{}".getBytes(StandardCharsets.UTF_8), "Content-Type: " + type));
                    }
                    for (Charset charset : CHARSETS) {
                        operation.documents(
                                handles(operation.call(), "{\"\u00FC\": \"\u00FC\"}".getBytes(charset), JSON));
                    }
                }));
    }

    @TestFactory
    Stream<DynamicTest> handleEveryParameter() {
        return operations().stream()
                .filter(operation -> !operation.call().startsWith("DELETE"))
                .map(operation -> DynamicTest.dynamicTest(operation.template(), () -> {
                    operation.queries().forEach(address -> operation.documents(handles(address, new byte[0])));
                    operation.paths().forEach(address -> handles(address, new byte[0]));
                }));
    }

    private Answer handles(String call, String body) {
        return handles(call, body.getBytes(StandardCharsets.UTF_8), JSON);
    }

    private Answer handles(String call, byte[] body, String... headers) {
        Answer answer = RawHttp.send(
                service.base(),
                call,
                Stream.concat(Stream.of(SERVICE), Stream.of(headers)).toList(),
                body);

        assertHandled(answer);
        String after = states();
        if (answer.status() >= 400) {
            assertThat(after).as("%s", answer).isEqualTo(before);
        }
        before = after;
        return answer;
    }

    private List<Operation> operations() {
        JsonNode document = anonymous.get("/v3/api-docs").json();
        List<Operation> operations = new ArrayList<>();
        document.get("paths")
                .properties()
                .forEach(path -> path.getValue()
                        .properties()
                        .forEach(operation -> operations.add(new Operation(
                                operation.getKey().toUpperCase(Locale.ROOT) + " " + path.getKey(),
                                queryParameters(operation.getValue()),
                                properties(document, operation.getValue()),
                                Set.copyOf(operation.getValue().get("responses").propertyNames())))));
        assertThat(operations).hasSizeGreaterThan(10);
        return operations;
    }

    private static List<String> queryParameters(JsonNode operation) {
        return operation
                .path("parameters")
                .valueStream()
                .filter(parameter -> parameter.get("in").asString().equals("query"))
                .map(parameter -> parameter.get("name").asString())
                .toList();
    }

    private static List<String> properties(JsonNode document, JsonNode operation) {
        String reference = operation
                .at("/requestBody/content/application~1json/schema/$ref")
                .asString("");
        return reference.isEmpty()
                ? List.of()
                : List.copyOf(
                        document.at(reference.substring(1) + "/properties").propertyNames());
    }

    /**
     * One of the document.
     *
     * @param template method and path, with the names of its parameters
     * @param properties of its body
     * @param statuses that it may answer with
     */
    private record Operation(String template, List<String> parameters, List<String> properties, Set<String> statuses) {

        void documents(Answer answer) {
            assertThat(statuses).as("%s", answer).contains(String.valueOf(answer.status()));
        }

        String call() {
            return template.replace("{resource}", "accounts")
                    .replace("{run_id}", "0b9ff6a3-5f0e-4b7c-9f60-2a3a5a0c9d11")
                    .replace("{code}", "x");
        }

        /** Each property with each value, alone, twice and under a name that is nearly its own. */
        Stream<String> bodies() {
            return properties.stream()
                    .flatMap(name -> VALUES.stream()
                            .flatMap(value -> Stream.of(
                                    "{\"%s\": %s}".formatted(name, value),
                                    "{\"%s\": %s, \"%s\": %s}".formatted(name, value, name, value),
                                    "{\"%s\": %s}".formatted(name.toUpperCase(Locale.ROOT), value))));
        }

        Stream<String> queries() {
            return parameters.stream()
                    .flatMap(name -> TEXTS.stream()
                            .flatMap(text -> Stream.of(
                                    call() + "?" + name + "=" + text,
                                    call() + "?" + name + "=" + text + "&" + name + "=" + text)));
        }

        Stream<String> paths() {
            return Stream.of("{resource}", "{run_id}", "{code}")
                    .filter(template::contains)
                    .flatMap(name -> TEXTS.stream()
                            .map(text -> new Operation(template.replace(name, text), List.of(), List.of(), Set.of())
                                    .call()));
        }
    }
}
