package com.vantage.syncstate.postgrest.request;

import com.vantage.syncstate.postgrest.error.PostgrestError;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * One value of an answer's rows.
 *
 * @param field null for all columns
 * @param label its key in the answer
 * @param cast the type to cast it to
 */
public record SelectItem(
        @Nullable FieldPath field, String label, @Nullable Cast cast) {

    public static final List<SelectItem> ALL = List.of(new SelectItem(null, "*", null));

    private static final Map<String, Cast> CASTS = Map.ofEntries(
            Map.entry("text", Cast.TEXT),
            Map.entry("int", Cast.INTEGER),
            Map.entry("int4", Cast.INTEGER),
            Map.entry("integer", Cast.INTEGER),
            Map.entry("int8", Cast.BIGINT),
            Map.entry("bigint", Cast.BIGINT),
            Map.entry("numeric", Cast.NUMERIC),
            Map.entry("float8", Cast.DOUBLE_PRECISION),
            Map.entry("double precision", Cast.DOUBLE_PRECISION),
            Map.entry("bool", Cast.BOOLEAN),
            Map.entry("boolean", Cast.BOOLEAN),
            Map.entry("date", Cast.DATE),
            Map.entry("timestamp", Cast.TIMESTAMP),
            Map.entry("timestamptz", Cast.TIMESTAMP_WITH_TIME_ZONE),
            Map.entry("json", Cast.JSON),
            Map.entry("jsonb", Cast.JSONB));

    /** The types to which a value can be cast. */
    public enum Cast implements SqlKeyword {
        TEXT,
        INTEGER,
        BIGINT,
        NUMERIC,
        DOUBLE_PRECISION,
        BOOLEAN,
        DATE,
        TIMESTAMP,
        TIMESTAMP_WITH_TIME_ZONE,
        JSON,
        JSONB;

        @Override
        public String sql() {
            return name().toLowerCase(Locale.ROOT).replace('_', ' ');
        }
    }

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
        rejectEmbedding(in, field);
        Cast cast = in.take("::") ? cast(in) : null;
        rejectAggregate(in);
        return new SelectItem(field, alias == null ? field.label() : alias, cast);
    }

    private static void rejectEmbedding(ParameterScanner in, FieldPath field) {
        if (in.startsWith("(") && field.column().equals("count")) {
            throw PostgrestError.unsupported("aggregate functions (count()) in select");
        }
        if (in.startsWith("(") || in.startsWith("!")) {
            throw PostgrestError.unsupported("embedding of other tables (table(columns)) in select");
        }
        rejectAggregate(in);
    }

    private static void rejectAggregate(ParameterScanner in) {
        if (in.startsWith(".")) {
            throw PostgrestError.unsupported("aggregate functions (column.sum()) in select");
        }
    }

    private static Cast cast(ParameterScanner in) {
        String wanted = in.name();
        Cast type = CASTS.get(wanted);
        if (type == null) {
            throw PostgrestError.unsupported("a cast to " + wanted + "; expected one of "
                    + String.join(", ", CASTS.keySet().stream().sorted().toList()));
        }
        return type;
    }
}
