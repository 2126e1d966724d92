package com.vantage.syncstate.supabase;

import java.math.BigInteger;
import java.util.Collection;
import java.util.List;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** A refusal as PostgREST words it: its status, and exactly code, message, details and hint. */
final class Refusal extends RuntimeException {

    private final int status;
    private final String code;
    private final @Nullable String details;
    private final @Nullable String hint;
    private final @Nullable String contentRange;

    Refusal(int status, String code, String message, @Nullable String details, @Nullable String hint) {
        this(status, code, message, details, hint, null);
    }

    private Refusal(
            int status,
            String code,
            String message,
            @Nullable String details,
            @Nullable String hint,
            @Nullable String contentRange) {
        super(message);
        this.status = status;
        this.code = code;
        this.details = details;
        this.hint = hint;
        this.contentRange = contentRange;
    }

    Refusal(int status, String code, String message) {
        this(status, code, message, null, null);
    }

    int status() {
        return status;
    }

    String code() {
        return code;
    }

    String message() {
        return String.valueOf(getMessage());
    }

    @Nullable
    String details() {
        return details;
    }

    @Nullable
    String hint() {
        return hint;
    }

    /** What the header {@code Content-Range} says, where the refusal is about one. */
    @Nullable
    String contentRange() {
        return contentRange;
    }

    /** Something of PostgREST's query language that is not served here. */
    static Refusal unsupported(String what) {
        return new Refusal(400, "PGRST100", "Not supported here: " + what, null, "See 'From Supabase' in the README");
    }

    static Refusal unknownTable(String name) {
        return new Refusal(404, "PGRST205", "Could not find the table 'public." + name + "' in the schema cache");
    }

    static Refusal unknownColumn(String table, String name) {
        return new Refusal(400, "42703", "column " + table + "." + name + " does not exist");
    }

    static Refusal unknownColumnOfBody(String table, String name) {
        return new Refusal(
                400, "PGRST204", "Could not find the '" + name + "' column of '" + table + "' in the schema cache");
    }

    static Refusal unknownRoutine(String name, Collection<String> arguments, List<Routine> near) {
        String list = String.join(", ", arguments);
        return new Refusal(
                404,
                "PGRST202",
                "Could not find the function public." + name
                        + (arguments.isEmpty() ? " without parameters" : "(" + list + ")") + " in the schema cache",
                "Searched for the function public." + name
                        + (arguments.isEmpty()
                                ? " without parameters"
                                : " with parameter" + (arguments.size() > 1 ? "s " : " ") + list)
                        + " or with a single unnamed json/jsonb parameter, but no matches were found in the schema"
                        + " cache.",
                near.stream()
                        .findFirst()
                        .filter(routine -> !arguments.isEmpty())
                        .map(routine -> "Perhaps you meant to call the function public." + name
                                + routine.parameters().stream()
                                        .map(Routine.Parameter::name)
                                        .collect(Collectors.joining(", ", "(", ")")))
                        .orElse(null));
    }

    static Refusal notEmbedded(String name) {
        return new Refusal(
                400,
                "PGRST108",
                "'" + name + "' is not an embedded resource in this request",
                null,
                "Verify that '" + name + "' is included in the 'select' query parameter.");
    }

    static Refusal body(String message) {
        return new Refusal(400, "PGRST102", message);
    }

    static Refusal range(String details) {
        return new Refusal(416, "PGRST103", "Requested range not satisfiable", details, null);
    }

    /** @param contentRange the rows that there are beyond a total that was too low an estimate, if any */
    static Refusal beyond(BigInteger offset, long total, String contentRange) {
        return new Refusal(
                416,
                "PGRST103",
                "Requested range not satisfiable",
                "An offset of " + offset + " was requested, but there are only " + total + " rows.",
                null,
                contentRange);
    }

    static Refusal notSingular(int rows) {
        return new Refusal(
                406,
                "PGRST116",
                "Cannot coerce the result to a single JSON object",
                "The result contains " + rows + " rows",
                null);
    }

    static Refusal method(String method) {
        return new Refusal(405, "PGRST117", "Unsupported HTTP method: " + method);
    }

    static Refusal path() {
        return new Refusal(404, "PGRST125", "Invalid path specified in request URL");
    }

    static Refusal databaseDown() {
        return new Refusal(503, "PGRST001", "Database client error. Retrying the connection.");
    }
}
