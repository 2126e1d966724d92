package com.vantage.syncstate.postgrest.sql;

import com.vantage.syncstate.postgrest.error.PostgrestError;
import com.vantage.syncstate.postgrest.plan.Catalog;
import com.vantage.syncstate.postgrest.plan.Column;
import com.vantage.syncstate.postgrest.plan.Relation;
import com.vantage.syncstate.postgrest.request.RequestPayload;
import java.util.List;

/** The rows of a body as a table {@code r} of a statement, whose columns have the types of the table's. */
record PayloadRows(RequestPayload payload, List<Column> columns, boolean withDefaults) {

    /** @throws PostgrestError where the table has no such column */
    static PayloadRows of(RequestPayload payload, Relation relation, Catalog catalog, boolean withDefaults) {
        List<Column> columns = payload.keys().stream()
                .map(key -> catalog.column(relation, key)
                        .orElseThrow(() -> new PostgrestError(
                                400,
                                "PGRST204",
                                "Could not find the '" + key + "' column of '" + relation.name()
                                        + "' in the schema cache")))
                .toList();
        return new PayloadRows(payload, columns, withDefaults);
    }

    void addTo(SqlBuilder statement) {
        boolean many = payload.many();
        List<Column> defaults = columns.stream()
                .filter(column -> withDefaults && column.defaultExpression() != null)
                .toList();
        if (defaults.isEmpty()) {
            statement.add(many ? "json_to_recordset(cast(" : "json_to_record(cast(");
            statement.bind(payload.asText()).add(" as json))");
        } else {
            statement.add("(select jsonb_build_object(").each(defaults, ", ", statement::defaultOf);
            statement.add(") || b.row as row from ");
            statement.add(many ? "jsonb_array_elements(cast(" : "(select cast(").bind(payload.asText());
            statement.add(many ? " as jsonb)) as b (row)) as d" : " as jsonb) as row) as b) as d");
            statement.add(" cross join lateral jsonb_to_record(d.row)");
        }
        statement.add(" as r (").each(columns, ", ", statement::define).add(")");
    }
}
