package com.vantage.syncstate.http;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.net.URLEncoder;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/** Each operation with each field of its body and each of its parameters at and past its limits. */
class DocumentedOperationsTest extends FuzzTest {

    private static final List<String> TEXTS = List.of(
            "",
            "0",
            "-1",
            "1",
            "1.5",
            "101",
            "2147483647",
            "2147483648",
            "-9223372036854775809",
            "1e9",
            "NaN",
            "null",
            "a,b",
            ",",
            "+",
            "..",
            "x".repeat(10_000),
            "\ud83d\ude00".repeat(500));

    @TestFactory
    Stream<DynamicTest> handleEveryBody() {
        return each(
                operation -> operation.body() != null,
                operation -> Mutation.ofFields(operation.body())
                        .forEach(body -> handles(operation, operation.call(), body, JSON)));
    }

    @TestFactory
    Stream<DynamicTest> handleEveryParameter() {
        return each(
                operation ->
                        operation.method().equals("GET") && !operation.queries().isEmpty(),
                operation -> operation.queries().forEach((name, value) -> {
                    texts(value).forEach(text -> handles(operation, withQuery(operation, name, text), ""));
                    handles(operation, withQuery(operation, name, value) + "&" + name + "=" + encode(value), "");
                    handles(operation, withQuery(operation, name + "\u200b", value), "");
                    handles(operation, withQuery(operation, name, value).replace(name + "=", ""), "");
                }));
    }

    @TestFactory
    Stream<DynamicTest> handleEveryPath() {
        return each(
                operation -> !operation.pathParameters().isEmpty(),
                operation -> operation
                        .pathParameters()
                        .forEach(name -> texts(operation.call())
                                // Those are other addresses.
                                .filter(text -> !text.isEmpty() && !text.contains("/") && !text.equals(".."))
                                .forEach(text -> handles(
                                        operation,
                                        operation.call(Map.of(name, encode(text))),
                                        operation.body() == null
                                                ? ""
                                                : operation.body().toString(),
                                        JSON))));
    }

    private static Stream<String> texts(String valid) {
        return Stream.concat(Mutation.ofText(valid.substring(valid.lastIndexOf('/') + 1)), TEXTS.stream());
    }

    /** With the other parameters as they may be. */
    private static String withQuery(DocumentedOperation operation, String name, String text) {
        String others = operation.queries().entrySet().stream()
                .filter(query -> !query.getKey().equals(name))
                .map(query -> "&" + query.getKey() + "=" + encode(query.getValue()))
                .collect(java.util.stream.Collectors.joining());
        return operation.call() + "?" + encode(name) + "=" + encode(text) + others;
    }

    private static String encode(String text) {
        return URLEncoder.encode(text, UTF_8).replace("+", "%20");
    }
}
