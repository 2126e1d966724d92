package com.vantage.syncstate.postgrest.sql;

import com.vantage.syncstate.postgrest.error.PostgrestError;
import com.vantage.syncstate.postgrest.request.ResponseShape;
import java.nio.charset.StandardCharsets;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpHeaders;
import org.springframework.http.ResponseEntity;
import org.springframework.jdbc.core.RowCallbackHandler;

/**
 * Answers with rows. Writes those whose values are JSON already as one JSON text, byte for byte as PostgreSQL's {@code json_agg} would.
 *
 * <p>The values are made by PostgreSQL, so that a time reads here as it does from PostgREST; the keys are written here,
 * because an alias is the caller's and must not become SQL.
 */
final class RowsResponse implements RowCallbackHandler {

    private final List<String> keys = new ArrayList<>();
    private final StringBuilder json = new StringBuilder();
    private final int from;
    private int count;

    /** @param from the first column of the result that is a value of the answer, from 1 */
    RowsResponse(List<String> labels, int from) {
        labels.forEach(label -> keys.add(quote(label)));
        this.from = from;
    }

    @Override
    public void processRow(ResultSet row) throws SQLException {
        json.append(count++ == 0 ? "{" : ", \n {");
        for (int at = 0; at < keys.size(); at++) {
            String value = row.getString(from + at);
            json.append(at == 0 ? "" : ",").append(keys.get(at)).append(':').append(value == null ? "null" : value);
        }
        json.append('}');
    }

    int count() {
        return count;
    }

    /** @throws PostgrestError 406 where there must be exactly one row and is not */
    String as(ResponseShape shape) {
        if (shape == ResponseShape.ARRAY) {
            return "[" + json + "]";
        }
        if (count != 1) {
            throw PostgrestError.notSingular(count);
        }
        return json.toString();
    }

    /**
     * Which rows these are, {@code 0-6/7}.
     *
     * @param offset how many came before
     * @param total how many there are, if they were counted
     */
    static String contentRange(long offset, int rows, @Nullable Long total) {
        boolean some = rows > 0 && (total == null || total > 0);
        return (some ? offset + "-" + (offset + rows - 1) : "*") + "/" + (total == null ? "*" : total);
    }

    static ResponseEntity<byte[]> of(
            int status, String contentRange, String preferences, @Nullable String contentType, @Nullable String body) {
        ResponseEntity.BodyBuilder answer =
                ResponseEntity.status(status).header(HttpHeaders.CONTENT_RANGE, contentRange);
        if (!preferences.isEmpty()) {
            answer.header("Preference-Applied", preferences);
        }
        if (contentType != null) {
            answer.header(HttpHeaders.CONTENT_TYPE, contentType);
        }
        return body == null ? answer.build() : answer.body(body.getBytes(StandardCharsets.UTF_8));
    }

    private static String quote(String text) {
        var quoted = new StringBuilder("\"");
        for (int at = 0; at < text.length(); at++) {
            char unit = text.charAt(at);
            switch (unit) {
                case '"', '\\' -> quoted.append('\\').append(unit);
                case '\b' -> quoted.append("\\b");
                case '\f' -> quoted.append("\\f");
                case '\n' -> quoted.append("\\n");
                case '\r' -> quoted.append("\\r");
                case '\t' -> quoted.append("\\t");
                default -> quoted.append(unit < ' ' ? String.format("\\u%04x", (int) unit) : String.valueOf(unit));
            }
        }
        return quoted.append('"').toString();
    }
}
