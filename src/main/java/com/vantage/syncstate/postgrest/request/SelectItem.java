package com.vantage.syncstate.postgrest.request;

import com.vantage.syncstate.postgrest.error.PostgrestError;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * One value of an answer's rows.
 *
 * @param field null for all columns
 * @param label its key in the answer
 * @param cast the SQL type to cast it to, one of {@link #CASTS}
 */
public record SelectItem(
        @Nullable FieldPath field, String label, @Nullable String cast) {

    public static final List<SelectItem> ALL = List.of(new SelectItem(null, "*", null));

    private static final Map<String, String> CASTS = Map.ofEntries(
            Map.entry("text", "text"),
            Map.entry("int", "integer"),
            Map.entry("int4", "integer"),
            Map.entry("integer", "integer"),
            Map.entry("int8", "bigint"),
            Map.entry("bigint", "bigint"),
            Map.entry("numeric", "numeric"),
            Map.entry("float8", "double precision"),
            Map.entry("double precision", "double precision"),
            Map.entry("bool", "boolean"),
            Map.entry("boolean", "boolean"),
            Map.entry("date", "date"),
            Map.entry("timestamp", "timestamp"),
            Map.entry("timestamptz", "timestamp with time zone"),
            Map.entry("json", "json"),
            Map.entry("jsonb", "jsonb"));

    /** Reads {@code select=}, as in {@code resource,state:last_sync_status,errors->0->>message,duration_ms::text}. */
    public static List<SelectItem> read(String text) {
        if (text.isBlank()) {
            return ALL;
        }
        return new ParameterScanner("select parameter", text)
                .list(SelectItem::item, "\"->>\", \"->\", \"::\", \",\" or end of input");
    }

    private static SelectItem item(ParameterScanner in) {
        if (in.take("*")) {
            return new SelectItem(null, "*", null);
        }
        if (in.startsWith("..")) {
            throw PostgrestError.unsupported("spread embedding (...table(columns)) in select");
        }
        int mark = in.mark();
        String alias = in.name();
        if (!in.startsWith(":") || in.startsWith("::")) {
            in.back(mark);
            alias = null;
        } else {
            in.take(":");
            in.skipSpace();
        }
        FieldPath field = FieldPath.read(in);
        refuseEmbedding(in, field);
        String cast = in.take("::") ? cast(in) : null;
        refuseAggregate(in);
        return new SelectItem(field, alias == null ? field.label() : alias, cast);
    }

    private static void refuseEmbedding(ParameterScanner in, FieldPath field) {
        if (in.startsWith("(") && field.column().equals("count")) {
            throw PostgrestError.unsupported("aggregate functions (count()) in select");
        }
        if (in.startsWith("(") || in.startsWith("!")) {
            throw PostgrestError.unsupported("embedding of other tables (table(columns)) in select");
        }
        refuseAggregate(in);
    }

    private static void refuseAggregate(ParameterScanner in) {
        if (in.startsWith(".")) {
            throw PostgrestError.unsupported("aggregate functions (column.sum()) in select");
        }
    }

    private static String cast(ParameterScanner in) {
        String wanted = in.name();
        String type = CASTS.get(wanted);
        if (type == null) {
            throw PostgrestError.unsupported("a cast to " + wanted + "; there are "
                    + String.join(", ", CASTS.keySet().stream().sorted().toList()));
        }
        return type;
    }
}
