package com.vantage.syncstate.lineage;

import com.vantage.syncstate.error.InvalidRequest;
import com.vantage.syncstate.error.RequestRejected.FieldError;
import com.vantage.syncstate.lineage.RunEvent.ErrorMessage;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.UUID;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/**
 * An event of a run that has all that it needs.
 *
 * @param job its name
 * @param errors of a failure; empty otherwise
 */
record ValidRunEvent(UUID runId, String job, String type, Instant time, int records, JsonNode errors) {

    private static final Set<String> TYPES = Set.of("START", "RUNNING", "COMPLETE", "FAIL", "ABORT", "OTHER");
    private static final Pattern UUID_TEXT = Pattern.compile("\\p{XDigit}{8}(-\\p{XDigit}{4}){3}-\\p{XDigit}{12}");
    private static final int MAX_MESSAGE = 2_000;
    private static final int MAX_STACK_TRACE = 10_000;
    private static final JsonNodeFactory NODES = JsonNodeFactory.instance;

    /**
     * What an event says.
     *
     * @return null where it is about a job or a dataset, not about a run
     * @throws InvalidRequest if it is no event
     */
    static @Nullable ValidRunEvent of(RunEvent event) {
        if (event.run() == null && (event.job() != null || event.dataset() != null)) {
            return null;
        }
        List<FieldError> wrong = new ArrayList<>();
        String id = event.run() == null ? null : event.run().runId();
        if (id == null || !UUID_TEXT.matcher(id).matches()) {
            wrong.add(new FieldError("#/run/runId", "must be a UUID"));
        }
        String job = event.job() == null ? null : event.job().name();
        if (job == null || job.isBlank()) {
            wrong.add(new FieldError("#/job/name", "must be the name of a job"));
        }
        // The schema allows an event without a type; it carries metadata.
        String type = event.eventType() == null ? "OTHER" : event.eventType().toUpperCase(Locale.ROOT);
        if (!TYPES.contains(type)) {
            wrong.add(new FieldError(
                    "#/eventType", "is unknown; expected one of START, RUNNING, COMPLETE, ABORT, FAIL, OTHER"));
        }
        Instant time = time(event.eventTime());
        if (time == null) {
            wrong.add(new FieldError("#/eventTime", "must be a time in ISO 8601, for example 2026-11-22T05:30:00Z"));
        }
        if (id == null || job == null || time == null || !wrong.isEmpty()) {
            throw new InvalidRequest(
                    "This is no event of a run: "
                            + wrong.stream()
                                    .map(error -> error.pointer() + " " + error.detail())
                                    .collect(Collectors.joining("; "))
                            + ".",
                    wrong);
        }
        return new ValidRunEvent(UUID.fromString(id), job, type, time, event.rowCount(), errors(type, event.error()));
    }

    private static @Nullable Instant time(@Nullable String text) {
        try {
            OffsetDateTime time = text == null ? null : OffsetDateTime.parse(text);
            return time == null || time.getYear() < 1 || time.getYear() > 9999
                    ? null
                    : time.toInstant().truncatedTo(ChronoUnit.MICROS);
        } catch (DateTimeException e) {
            return null;
        }
    }

    private static ArrayNode errors(String type, @Nullable ErrorMessage reported) {
        ArrayNode errors = NODES.arrayNode();
        if (!type.equals("FAIL") && !type.equals("ABORT")) {
            return errors;
        }
        boolean aborted = type.equals("ABORT");
        String message = reported == null ? null : reported.message();
        ObjectNode error = errors.addObject()
                .put("code", aborted ? "ABORTED" : "FAILED")
                .put(
                        "message",
                        message == null || message.isBlank()
                                ? aborted ? "The run was aborted" : "The run failed, without a message"
                                : cut(message, MAX_MESSAGE));
        if (reported != null && reported.stackTrace() != null) {
            error.putObject("context").put("stack_trace", cut(reported.stackTrace(), MAX_STACK_TRACE));
        }
        return errors;
    }

    private static String cut(String text, int length) {
        return text.length() <= length ? text : text.substring(0, length - 1) + '…';
    }
}
