package com.vantage.syncstate.consistency;

import com.vantage.syncstate.consistency.History.Attempt;
import com.vantage.syncstate.consistency.History.Call;
import com.vantage.syncstate.consistency.History.CallResult;
import com.vantage.syncstate.consistency.History.Counts;
import com.vantage.syncstate.consistency.History.Operation;
import com.vantage.syncstate.consistency.History.RecordedRun;
import com.vantage.syncstate.consistency.History.RecordedState;
import com.vantage.syncstate.support.ApiClient;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Makes calls over HTTP and writes down what was sent and answered; reads the rows in the end. */
public final class HistoryRecorder {

    private static final JsonMapper JSON = new JsonMapper();

    private static final String STATES = """
            select resource, last_sync_status, run_id, started_at, completed_at, last_sync_time, records_synced,
              records_created, records_updated, errors, watermark, progress, updated_at
            from public.vantage_sync_state
            where resource <> all (?)
            """;

    private static final String RUNS = """
            select run_id, resource, status, started_at, completed_at, records_synced, records_created, records_updated,
              errors, watermark, progress, superseded_by
            from public.vantage_sync_run
            """;

    /** What they say where they name no type of problem, with the run that they name. */
    private static final Map<String, Pattern> REFUSALS = Map.of(
            "sync-already-running", Pattern.compile("is already running, since \\S+, as run ([0-9a-f-]{36})"),
            "run-superseded", Pattern.compile("was taken over by run ([0-9a-f-]{36})"),
            "run-already-finished", Pattern.compile(" has ended as "));

    private final ConcurrentLinkedQueue<Attempt> attempts = new ConcurrentLinkedQueue<>();
    private final AtomicInteger attemptsSent = new AtomicInteger();
    private final AtomicInteger acknowledged = new AtomicInteger();
    private final AtomicInteger marks = new AtomicInteger();

    /** A new call, with a mark of its own. */
    public Call call(Operation operation, String resource, UUID run, boolean force) {
        return new Call(operation, resource, run, force, marks.incrementAndGet());
    }

    /** How many attempts were answered with 200. */
    public int acknowledged() {
        return acknowledged.get();
    }

    public int attemptsSent() {
        return attemptsSent.get();
    }

    /**
     * Sends it once.
     *
     * @param discard whether the answer is thrown away
     * @return null where it was not answered, thrown away, or an outage
     */
    public @Nullable CallResult send(ApiClient api, Call call, boolean discard) {
        attemptsSent.incrementAndGet();
        long sentAt = System.nanoTime();
        ApiClient.Response answer = null;
        try {
            answer = switch (call.protocol()) {
                case API ->
                    api.post(
                            "/sync-states/" + call.resource() + "/"
                                    + call.operation().name().toLowerCase(Locale.ROOT),
                            body(call));
                case RPC ->
                    api.post(
                            "/rest/v1/rpc/" + call.operation().name().toLowerCase(Locale.ROOT) + "_vantage_sync",
                            argumentsOf(call));
                case PING -> api.post(pingOf(call));
                case EVENT -> api.post("/api/v1/lineage?resource=" + call.resource(), eventOf(call));
            };
        } catch (IllegalStateException e) {
            // Not answered; and if this thread was interrupted, that is still to be seen.
        }
        long answeredAt = System.nanoTime();
        CallResult result = answer == null || answer.status() >= 503 || discard
                ? null
                : switch (call.protocol()) {
                    case API -> read(answer);
                    case RPC ->
                        answer.status() == 200 ? read(answer) : readText(answer.status(), answer.text("message"));
                    case PING -> readText(answer.status() == 201 ? 200 : answer.status(), answer.body());
                    case EVENT -> readReceipt(answer);
                };
        var attempt = new Attempt(call, sentAt, answeredAt, result);
        attempts.add(attempt);
        if (attempt.isAcknowledged()) {
            acknowledged.incrementAndGet();
        }
        return result;
    }

    /** With the rows as they are now, but for resources that nobody called on. */
    public History history(Connection connection, Duration stuckAfter, String... others) throws SQLException {
        List<RecordedState> states = new ArrayList<>();
        try (var statement = connection.prepareStatement(STATES)) {
            statement.setArray(1, connection.createArrayOf("text", others));
            try (var rows = statement.executeQuery()) {
                while (rows.next()) {
                    states.add(new RecordedState(
                            rows.getString("resource"),
                            rows.getString("last_sync_status"),
                            rows.getObject("run_id", UUID.class),
                            time(rows, "started_at"),
                            time(rows, "completed_at"),
                            time(rows, "last_sync_time"),
                            counts(rows),
                            codes(JSON.readTree(rows.getString("errors"))),
                            time(rows, "watermark"),
                            records(json(rows, "progress")),
                            rows.getObject("updated_at", OffsetDateTime.class).toInstant()));
                }
            }
        }
        List<RecordedRun> runs = new ArrayList<>();
        try (var statement = connection.prepareStatement(RUNS);
                var rows = statement.executeQuery()) {
            while (rows.next()) {
                JsonNode progress = json(rows, "progress");
                runs.add(new RecordedRun(
                        rows.getObject("run_id", UUID.class),
                        rows.getString("resource"),
                        rows.getString("status"),
                        rows.getObject("started_at", OffsetDateTime.class).toInstant(),
                        time(rows, "completed_at"),
                        counts(rows),
                        codes(JSON.readTree(rows.getString("errors"))),
                        time(rows, "watermark"),
                        records(progress),
                        progress == null
                                ? null
                                : Instant.parse(progress.get("at").asString()),
                        rows.getObject("superseded_by", UUID.class)));
            }
        }
        return new History(List.copyOf(attempts), states, runs, stuckAfter);
    }

    private static String pingOf(Call call) {
        Counts counts = call.counts();
        String more = switch (call.operation()) {
            // As a start by JSON does, which registers what is unknown.
            case START -> "/start?create=1&";
            case PROGRESS -> "/log?records=" + call.mark() + "&";
            default ->
                "?records_synced=" + counts.synced() + "&records_created=" + counts.created() + "&records_updated="
                        + counts.updated() + (call.watermark() == null ? "" : "&watermark=" + call.watermark()) + "&";
        };
        return "/ping/-/" + call.resource() + more + "rid=" + call.run();
    }

    private static CallResult readText(int status, String text) {
        for (var refusal : REFUSALS.entrySet()) {
            Matcher named = refusal.getValue().matcher(text);
            if (named.find()) {
                UUID run = named.groupCount() == 0 ? null : UUID.fromString(named.group(1));
                return new CallResult(status, refusal.getKey(), run, null);
            }
        }
        return new CallResult(status, null, null, null);
    }

    /** Of a clock that is far ahead, so that what counts is when the service takes it, as with all other calls. */
    private static String eventOf(Call call) {
        return """
                {"eventType": "%s", "eventTime": "%s", "run": {"runId": "%s"}, "job": {"namespace": "n", "name": "job"},
                 "outputs": [{"namespace": "n", "name": "out", "outputFacets": {"outputStatistics": {"rowCount": %d}}}]}
                """.formatted(
                        call.operation(),
                        Instant.now().plus(Duration.ofDays(365)),
                        call.run(),
                        call.counts().synced());
    }

    /** It shows no state, and names no run. */
    private static CallResult readReceipt(ApiClient.Response answer) {
        if (answer.status() != 200) {
            return new CallResult(answer.status(), answer.problem(), null, null);
        }
        return switch (answer.text("outcome")) {
            case "applied", "repeated" -> new CallResult(200, null, null, null);
            // A start after the end of its run.
            case "late" -> new CallResult(409, "run-already-finished", null, null);
            case "refused" -> new CallResult(409, answer.text("problem"), null, null);
            default -> new CallResult(409, null, null, null);
        };
    }

    private static String argumentsOf(Call call) {
        return body(call)
                .replaceAll("\"(run_id|force|records\\w*|errors|watermark)\":", "\"p_$1\":")
                .replaceFirst("\\{", "{\"p_resource\": \"" + call.resource() + "\", ");
    }

    private static String body(Call call) {
        Counts counts = call.counts();
        String results = switch (call.operation()) {
            case START -> "\"force\": " + call.force();
            case PROGRESS -> "\"records\": " + call.mark();
            case COMPLETE ->
                counts(counts) + (call.watermark() == null ? "" : ", \"watermark\": \"" + call.watermark() + "\"");
            case FAIL ->
                counts(counts) + ", \"errors\": [{\"code\": \"" + call.error() + "\", \"message\": \"Planned\"}]";
        };
        return "{\"run_id\": \"" + call.run() + "\", " + results + "}";
    }

    private static String counts(Counts counts) {
        return "\"records_synced\": " + counts.synced() + ", \"records_created\": " + counts.created()
                + ", \"records_updated\": " + counts.updated();
    }

    private static CallResult read(ApiClient.Response answer) {
        JsonNode json = answer.json();
        if (answer.status() != 200) {
            UUID named = id(json, "superseded_by");
            return new CallResult(answer.status(), answer.problem(), named == null ? id(json, "run_id") : named, null);
        }
        if (!json.hasNonNull("updated_at")) {
            // Of no state: somebody else's answer.
            return new CallResult(500, null, null, null);
        }
        return new CallResult(
                200,
                null,
                null,
                new RecordedState(
                        json.get("resource").asString(),
                        json.get("last_sync_status").asString(),
                        id(json, "run_id"),
                        time(json, "started_at"),
                        time(json, "completed_at"),
                        time(json, "last_sync_time"),
                        new Counts(
                                json.get("records_synced").asInt(),
                                json.get("records_created").asInt(),
                                json.get("records_updated").asInt()),
                        codes(json.get("errors")),
                        time(json, "watermark"),
                        records(json.get("progress")),
                        Instant.parse(json.get("updated_at").asString())));
    }

    private static @Nullable UUID id(JsonNode json, String key) {
        return json.hasNonNull(key) ? UUID.fromString(json.get(key).asString()) : null;
    }

    private static @Nullable Instant time(JsonNode json, String key) {
        return json.hasNonNull(key) ? Instant.parse(json.get(key).asString()) : null;
    }

    private static @Nullable Instant time(ResultSet row, String column) throws SQLException {
        OffsetDateTime time = row.getObject(column, OffsetDateTime.class);
        return time == null ? null : time.toInstant();
    }

    private static @Nullable JsonNode json(ResultSet row, String column) throws SQLException {
        String json = row.getString(column);
        return json == null ? null : JSON.readTree(json);
    }

    private static Counts counts(ResultSet row) throws SQLException {
        return new Counts(row.getInt("records_synced"), row.getInt("records_created"), row.getInt("records_updated"));
    }

    private static List<String> codes(JsonNode errors) {
        List<String> codes = new ArrayList<>();
        errors.forEach(error -> codes.add(error.get("code").asString()));
        return codes;
    }

    private static @Nullable Integer records(@Nullable JsonNode progress) {
        return progress == null || !progress.hasNonNull("records")
                ? null
                : progress.get("records").asInt();
    }
}
