package com.vantage.syncstate.ping;

import com.vantage.syncstate.error.InvalidRequest;
import com.vantage.syncstate.error.ProblemType;
import com.vantage.syncstate.error.RequestRejected;
import java.util.List;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/**
 * What a ping says of its job.
 *
 * @param name {@code start}, {@code success}, {@code fail} or {@code log}
 * @param errors of a failure; empty otherwise
 */
record Signal(String name, ArrayNode errors) {

    private static final int MAX_EXIT_CODE = 255;
    private static final int MAX_MESSAGE = 500;
    private static final Pattern NUMBER = Pattern.compile("[0-9]{1,9}");
    private static final JsonNodeFactory NODES = JsonNodeFactory.instance;

    /**
     * The signal at the end of an address.
     *
     * @param text what follows the resource; null where nothing does
     * @param output the last of what the job has printed
     * @throws InvalidRequest if it is an exit code that no process has
     * @throws RequestRejected {@code not-found}
     */
    static Signal of(@Nullable String text, String output) {
        if (text == null) {
            return without("success");
        }
        if (text.equals("start") || text.equals("log")) {
            return without(text);
        }
        if (text.equals("fail")) {
            return failure("FAILED", "The job reported a failure", null, output);
        }
        if (!NUMBER.matcher(text).matches()) {
            throw new RequestRejected(ProblemType.NOT_FOUND, PingErrorFormat.NOT_FOUND, RequestRejected.Details.NONE);
        }
        int code = Integer.parseInt(text);
        if (code > MAX_EXIT_CODE) {
            throw new InvalidRequest("invalid url format", List.of());
        }
        return code == 0
                ? without("success")
                : failure("EXIT_" + code, "The job ended with exit code " + code, code, output);
    }

    private static Signal without(String name) {
        return new Signal(name, NODES.arrayNode());
    }

    private static Signal failure(String code, String message, @Nullable Integer exitCode, String output) {
        ObjectNode error = NODES.objectNode().put("code", code).put("message", lastLine(output, message));
        ObjectNode context = NODES.objectNode();
        if (exitCode != null) {
            context.put("exit_code", exitCode);
        }
        if (!output.isBlank()) {
            context.put("output", output);
        }
        if (!context.isEmpty()) {
            error.set("context", context);
        }
        return new Signal("fail", NODES.arrayNode().add(error));
    }

    private static String lastLine(String output, String otherwise) {
        String last = output.lines()
                .map(String::strip)
                .filter(line -> !line.isEmpty())
                .reduce((earlier, later) -> later)
                .orElse(otherwise);
        if (last.length() <= MAX_MESSAGE) {
            return last;
        }
        int end = MAX_MESSAGE - 1;
        // Not within a character that takes two of Java's.
        return last.substring(0, Character.isHighSurrogate(last.charAt(end - 1)) ? end - 1 : end) + '…';
    }
}
