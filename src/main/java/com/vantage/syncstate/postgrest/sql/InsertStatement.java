package com.vantage.syncstate.postgrest.sql;

import com.vantage.syncstate.error.SqlStates;
import com.vantage.syncstate.postgrest.error.PostgrestError;
import com.vantage.syncstate.postgrest.plan.Catalog;
import com.vantage.syncstate.postgrest.plan.Column;
import com.vantage.syncstate.postgrest.plan.Relation;
import com.vantage.syncstate.postgrest.request.PreferHeader.Duplicates;
import com.vantage.syncstate.postgrest.request.RequestPayload;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Writes the statement of an insert or an upsert. */
final class InsertStatement {

    private InsertStatement() {}

    static SqlBuilder of(TableWrite write, RequestPayload payload, Catalog catalog) {
        Relation relation = write.relation();
        var rows = PayloadRows.of(payload, relation, catalog, write.wanted().defaults());
        List<Column> columns = rows.columns();
        var statement = SqlBuilder.on(relation, catalog)
                .add("insert into ")
                .add(relation)
                .add(" as s ");
        if (columns.isEmpty()) {
            statement.add("default values");
        } else {
            statement
                    .add("(")
                    .each(columns, ", ", statement::add)
                    .add(") select ")
                    .each(columns, ", ", column -> statement.add("r.").add(column))
                    .add(" from ");
            rows.addTo(statement);
        }
        Duplicates duplicates = write.wanted().duplicates();
        if (duplicates != null) {
            conflict(statement, target(relation, write.query().onConflict(), catalog), columns, duplicates);
        }
        return statement;
    }

    private static List<Column> target(Relation relation, @Nullable List<String> onConflict, Catalog catalog) {
        return onConflict == null
                ? relation.key()
                : onConflict.stream()
                        .map(name -> catalog.column(relation, name)
                                .orElseThrow(() -> new PostgrestError(
                                        400, SqlStates.UNDEFINED_COLUMN, "column \"" + name + "\" does not exist")))
                        .toList();
    }

    private static void conflict(
            SqlBuilder statement, List<Column> target, List<Column> columns, Duplicates duplicates) {
        if (target.isEmpty()) {
            return;
        }
        statement.add(" on conflict (").each(target, ", ", statement::add).add(")");
        if (duplicates == Duplicates.IGNORE_DUPLICATES || columns.isEmpty()) {
            statement.add(" do nothing");
            return;
        }
        statement
                .add(" do update set ")
                .each(
                        columns,
                        ", ",
                        column -> statement.add(column).add(" = excluded.").add(column));
    }
}
