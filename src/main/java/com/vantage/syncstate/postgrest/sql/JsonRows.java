package com.vantage.syncstate.postgrest.sql;

import com.vantage.syncstate.postgrest.error.PostgrestError;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import org.springframework.jdbc.core.RowCallbackHandler;

/**
 * Writes rows whose values are JSON already as one JSON text, byte for byte as PostgreSQL's {@code json_agg} would.
 *
 * <p>The values are made by PostgreSQL, so that a time reads here as it does from PostgREST; the keys are written here,
 * because an alias is the caller's and must not become SQL.
 */
final class JsonRows implements RowCallbackHandler {

    private final List<String> keys = new ArrayList<>();
    private final StringBuilder json = new StringBuilder();
    private final int from;
    private int count;

    /** @param from the first column of the result that is a value of the answer, from 1 */
    JsonRows(List<String> labels, int from) {
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

    String asArray() {
        return "[" + json + "]";
    }

    /** @throws PostgrestError 406 where there is not exactly one row */
    String asObject() {
        if (count != 1) {
            throw PostgrestError.notSingular(count);
        }
        return json.toString();
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
