package com.vantage.syncstate.postgrest;

import static org.assertj.core.api.Assertions.assertThat;

import com.vantage.syncstate.support.ApiClient.Response;
import com.vantage.syncstate.support.ApiTest;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** Ten thousand query strings that mean harm, the same ones at every run. */
class HostileQueryTest extends ApiTest {

    private static final int QUERIES = 10_000;

    /** Codes of ours, and SQLSTATEs that say what a value or an operator is not. */
    private static final Set<String> CODES = Set.of(
            "PGRST100",
            "PGRST103",
            "PGRST108",
            "PGRST116",
            "42703",
            "42883",
            "42804",
            "42846",
            "22P02",
            "22003",
            "22007",
            "22008",
            "22023",
            "22025",
            "22021",
            "2202E",
            "54011",
            "42725");

    private static final List<String> POISON = List.of(
            "'",
            "\"",
            "`",
            "\\",
            ";",
            "--",
            "/*",
            "*/",
            "$$",
            "$1",
            "?",
            ":x",
            "::",
            "%",
            "*",
            "_",
            "\0",
            "\u202e",
            "\ud83d\ude00",
            "' or '1'='1",
            "\" or 1=1 --",
            "'; drop table vantage_sync_state; --",
            "1; select pg_sleep(10)",
            "') union select rolpassword from pg_authid --",
            "pg_sleep(10)",
            "{{7*7}}",
            "${jndi:ldap://x}",
            "../../etc/passwd",
            "<script>alert(1)</script>",
            "\r\nX-Injected: 1",
            "0x7f",
            "NaN",
            "Infinity",
            "-0",
            "1e999",
            "9".repeat(400),
            "null",
            "undefined",
            "true",
            "{}",
            "[]",
            "{\"a\":1}",
            "{a,b}",
            "(1,2)",
            "a,b)",
            "((((",
            "))))",
            "\t\n");

    private static final List<String> COLUMNS = List.of(
            "resource",
            "records_synced",
            "errors",
            "last_sync_time",
            "duration_ms",
            "ctid",
            "xmin",
            "tableoid",
            "nope",
            "vantage_sync_state",
            "resource->a",
            "errors->0->>code",
            "errors->-1->a->>b",
            "\"resource\"",
            "*",
            "");

    private static final List<String> OPERATORS = List.of(
            "eq",
            "neq",
            "gt",
            "gte",
            "lt",
            "lte",
            "like",
            "ilike",
            "in",
            "is",
            "not",
            "not.not",
            "fts",
            "cs",
            "ov",
            "match",
            "isdistinct",
            "eq(any)",
            "like(all)",
            "or",
            "and",
            "EQ",
            "=",
            "<>",
            "similar",
            "between",
            "");

    @Test
    void refusesOrAnswersTenThousandHostileQueries() {
        var random = new Random(20251105132840L);
        Map<String, Integer> outcomes = new TreeMap<>();
        List<String> failures = new ArrayList<>();

        for (int at = 0; at < QUERIES; at++) {
            String query = query(random, at);
            Response answer = reader.get("/rest/v1/vantage_sync_state?" + query);
            String outcome = outcome(answer);
            outcomes.merge(outcome, 1, Integer::sum);
            // One that the database had to stop would be a 504.
            if (outcome.startsWith("WRONG")) {
                failures.add(outcome + ": " + query + " -> " + answer);
            }
        }

        System.out.printf("%d hostile queries: %s%n", QUERIES, outcomes);
        assertThat(failures).isEmpty();
        assertThat(database.query("select count(*) from vantage_sync_state")).isEqualTo("3");
    }

    private static String outcome(Response answer) {
        if (answer.status() == 200) {
            return "200";
        }
        boolean shaped = answer.header("Content-Type").orElse("").startsWith("application/json");
        String code = shaped ? String.valueOf(answer.text("code")) : "no JSON";
        String message = answer.body().toLowerCase(java.util.Locale.ROOT);
        boolean leaks =
                List.of("select to_json", "from public", "org.", "java.", "position:", "sqlstate", "jdbc", " s.\"")
                        .stream()
                        .anyMatch(message::contains);
        boolean right = answer.status() >= 400 && answer.status() < 500 && CODES.contains(code) && !leaks;
        return (right ? "" : "WRONG ") + answer.status() + " " + code;
    }

    private static String query(Random random, int at) {
        return switch (at % 8) {
            case 0 ->
                encode(pick(random, COLUMNS)) + "="
                        + encode(pick(random, OPERATORS.subList(0, 1 + random.nextInt(OPERATORS.size()))) + "."
                                + poison(random));
            case 1 ->
                "select="
                        + encode("\"" + poison(random).replace("\\", "").replace("\"", "") + "\":"
                                + pick(random, COLUMNS) + (random.nextBoolean() ? poison(random) : ""));
            case 2 ->
                "order=" + encode("errors->\"" + poison(random).replace("\"", "\\\"") + "\"->>0.desc") + "&limit=1";
            case 3 -> "or=" + encode(nested(random, random.nextInt(60)));
            case 4 -> "resource=" + encode("in.(" + list(random, random.nextInt(400)) + ")");
            case 5 ->
                (random.nextBoolean()
                                ? encode(poison(random))
                                : "resource=neq." + encode(poison(random)) + "&errors-%3E%3E"
                                        + encode("\""
                                                + poison(random)
                                                        .replace("\\", "")
                                                        .replace("\"", "") + "\""))
                        + "="
                        + encode("like." + poison(random));
            case 6 ->
                "limit=" + encode(poison(random)) + "&offset=" + encode(poison(random)) + "&select="
                        + encode("a:" + poison(random)) + "&" + encode(pick(random, COLUMNS) + poison(random))
                        + "=is.null";
            default -> encode(garbage(random));
        };
    }

    private static String nested(Random random, int depth) {
        var text = new StringBuilder();
        for (int at = 0; at < depth; at++) {
            text.append(random.nextInt(4) == 0 ? "not." : "").append(random.nextBoolean() ? "or(" : "and(");
        }
        text.append("resource.eq.")
                .append(
                        random.nextBoolean()
                                ? '"' + poison(random).replace("\\", "").replace("\"", "") + '"'
                                : poison(random));
        int close = random.nextInt(3) == 0 ? random.nextInt(depth + 2) : depth;
        return "(" + text + ")".repeat(close) + ")";
    }

    private static String list(Random random, int length) {
        return String.join(
                ",",
                IntStream.range(0, length)
                        .mapToObj(at -> pick(random, POISON).length() > 20 ? "x" + at : pick(random, POISON))
                        .toList());
    }

    private static String poison(Random random) {
        var text = new StringBuilder(pick(random, POISON));
        while (random.nextInt(3) == 0) {
            text.append(pick(random, POISON));
        }
        return text.toString();
    }

    private static String garbage(Random random) {
        var text = new StringBuilder();
        int length = random.nextInt(200);
        for (int at = 0; at < length; at++) {
            text.append((char) (random.nextInt(10) == 0 ? random.nextInt(0xD800) : 32 + random.nextInt(95)));
        }
        return text.toString();
    }

    private static String pick(Random random, List<String> from) {
        return from.get(random.nextInt(from.size()));
    }

    /** Leaves the characters of the query language and, now and then, a stray percent sign. */
    private static String encode(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8)
                .replace("%26", "&")
                .replace("%3D", "=");
    }
}
