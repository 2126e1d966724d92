package com.vantage.syncstate.postgrest.error;

import com.vantage.syncstate.error.SqlStates;
import com.vantage.syncstate.http.AnswerSize;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.math.BigInteger;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpHeaders;
import tools.jackson.databind.json.JsonMapper;

/** An error as PostgREST words it: its status, and exactly code, message, details and hint. */
public final class PostgrestError extends RuntimeException {

    private static final JsonMapper JSON = JsonMapper.builder().build();

    private final int status;
    private final String code;
    private final @Nullable String details;
    private final @Nullable String hint;
    private final @Nullable String contentRange;

    public PostgrestError(int status, String code, String message, @Nullable String details, @Nullable String hint) {
        this(status, code, message, details, hint, null);
    }

    private PostgrestError(
            int status,
            String code,
            String message,
            @Nullable String details,
            @Nullable String hint,
            @Nullable String contentRange) {
        super(message, null, false, false);
        this.status = status;
        this.code = code;
        this.details = details;
        this.hint = hint;
        this.contentRange = contentRange;
    }

    public PostgrestError(int status, String code, String message) {
        this(status, code, message, null, null);
    }

    public int status() {
        return status;
    }

    public String code() {
        return code;
    }

    public @Nullable String details() {
        return details;
    }

    /** Answers with all four keys: a client takes an empty answer, or one in another shape, for no error. */
    public void write(HttpServletResponse response) throws IOException {
        if (response.isCommitted()) {
            return;
        }
        response.resetBuffer();
        response.setStatus(status);
        response.setContentType("application/json; charset=utf-8");
        response.setHeader(HttpHeaders.CACHE_CONTROL, "no-store");
        response.setHeader("Proxy-Status", "PostgREST; error=" + code);
        if (contentRange != null) {
            response.setHeader(HttpHeaders.CONTENT_RANGE, contentRange);
        }
        if (status == 503) {
            response.setHeader(HttpHeaders.RETRY_AFTER, "1");
        }
        Map<String, @Nullable String> body = new LinkedHashMap<>();
        body.put("code", code);
        body.put("details", details);
        body.put("hint", hint);
        body.put("message", String.valueOf(getMessage()));
        byte[] json = JSON.writeValueAsBytes(body);
        response.setContentLength(json.length);
        response.getOutputStream().write(json);
        response.flushBuffer();
    }

    /** Something of PostgREST's query language that is not served here. */
    public static PostgrestError unsupported(String what) {
        return new PostgrestError(
                400, "PGRST100", "Not supported here: " + what, null, "See 'From Supabase' in the README");
    }

    public static PostgrestError unknownColumn(String table, String name) {
        return new PostgrestError(400, SqlStates.UNDEFINED_COLUMN, "column " + table + "." + name + " does not exist");
    }

    /**
     * A function that is not there, or not with these parameters.
     *
     * @param suggestion a function that is, with its parameters
     */
    public static PostgrestError unknownRoutine(
            String name, Collection<String> arguments, @Nullable String suggestion) {
        String list = String.join(", ", arguments);
        return new PostgrestError(
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
                suggestion == null ? null : "Perhaps you meant to call the function " + suggestion);
    }

    public static PostgrestError body(String message) {
        return new PostgrestError(400, "PGRST102", message);
    }

    /**
     * An offset past the end.
     *
     * @param contentRange the rows that there are beyond a total that was too low an estimate, if any
     */
    public static PostgrestError beyond(BigInteger offset, long total, String contentRange) {
        return new PostgrestError(
                416,
                "PGRST103",
                "Requested range not satisfiable",
                "An offset of " + offset + " was requested, but there are only " + total + " rows.",
                null,
                contentRange);
    }

    public static PostgrestError notSingular(int rows) {
        return new PostgrestError(
                406,
                "PGRST116",
                "Cannot coerce the result to a single JSON object",
                "The result contains " + rows + " rows",
                null);
    }

    public static PostgrestError method(String method) {
        return new PostgrestError(405, "PGRST117", "Unsupported HTTP method: " + method);
    }

    public static PostgrestError path() {
        return new PostgrestError(404, "PGRST125", "Invalid path specified in request URL");
    }

    /**
     * What the role of the caller may not do.
     *
     * @param target {@code table vantage_sync_state}, {@code schema public}
     */
    public static PostgrestError permissionDenied(String target, @Nullable String hint) {
        return new PostgrestError(403, SqlStates.PERMISSION_DENIED, "permission denied for " + target, null, hint);
    }

    public static PostgrestError tooLarge(String message) {
        return new PostgrestError(413, "PGRST102", message);
    }

    /** Found by the database, at the first row that is too much. */
    static PostgrestError answerTooLarge() {
        return new PostgrestError(
                400,
                SqlStates.PROGRAM_LIMIT_EXCEEDED,
                "The answer would be larger than " + (AnswerSize.MAX_BYTES >> 20) + " MiB",
                null,
                "Select fewer columns (errors are what is large), filter, or read page by page with limit and offset");
    }

    public static PostgrestError internal() {
        return new PostgrestError(500, "PGRSTX00", "Internal error of the service; its log has the cause");
    }

    static PostgrestError databaseDown() {
        return new PostgrestError(503, "PGRST001", "Database client error. Retrying the connection.");
    }
}
