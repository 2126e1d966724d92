package com.vantage.syncstate.postgrest.sql;

import com.vantage.syncstate.postgrest.error.PostgrestError;
import com.vantage.syncstate.postgrest.request.ResponseShape;
import java.nio.ByteBuffer;
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
 * because an alias is the caller's and must not become SQL. The bytes of a value stay those that the driver has read,
 * until the answer is put together, once.
 */
final class RowsResponse implements RowCallbackHandler {

    private static final int MAX_COLUMNS = 100;

    private static final byte[] NULL = bytes("null");
    private static final byte[] END = bytes("}");
    private static final byte[] NEXT = bytes(", \n ");

    private final List<byte[]> keys = new ArrayList<>();
    private final List<byte[]> json = new ArrayList<>();
    private final int from;
    private int size;
    private int count;

    /**
     * @param from the first column of the result that is a value of the answer, from 1
     * @throws PostgrestError 400 where these are too many
     */
    RowsResponse(List<String> labels, int from) {
        if (labels.size() > MAX_COLUMNS) {
            throw PostgrestError.unsupported("more than " + MAX_COLUMNS + " columns");
        }
        labels.forEach(label -> keys.add(bytes((keys.isEmpty() ? "{" : ",") + quote(label) + ":")));
        this.from = from;
    }

    @Override
    public void processRow(ResultSet row) throws SQLException {
        if (count++ > 0) {
            add(NEXT);
        }
        for (int at = 0; at < keys.size(); at++) {
            byte[] value = row.getBytes(from + at);
            add(keys.get(at));
            add(value == null ? NULL : value);
        }
        add(END);
    }

    private void add(byte[] part) {
        json.add(part);
        size += part.length;
    }

    int count() {
        return count;
    }

    /** Of one row. */
    int bytesOfKeys() {
        return keys.stream().mapToInt(key -> key.length).sum();
    }

    /** @throws PostgrestError 406 where there must be exactly one row and is not */
    byte[] as(ResponseShape shape) {
        boolean array = shape == ResponseShape.ARRAY;
        if (!array && count != 1) {
            throw PostgrestError.notSingular(count);
        }
        ByteBuffer body = ByteBuffer.allocate(array ? size + 2 : size);
        if (array) {
            body.put((byte) '[');
        }
        json.forEach(body::put);
        if (array) {
            body.put((byte) ']');
        }
        return body.array();
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
            int status, String contentRange, String preferences, @Nullable String contentType, byte @Nullable [] body) {
        ResponseEntity.BodyBuilder answer =
                ResponseEntity.status(status).header(HttpHeaders.CONTENT_RANGE, contentRange);
        if (!preferences.isEmpty()) {
            answer.header("Preference-Applied", preferences);
        }
        if (contentType != null) {
            answer.header(HttpHeaders.CONTENT_TYPE, contentType);
        }
        return body == null ? answer.build() : answer.body(body);
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
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
