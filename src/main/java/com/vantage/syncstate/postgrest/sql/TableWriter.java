package com.vantage.syncstate.postgrest.sql;

import com.google.errorprone.annotations.CompileTimeConstant;
import com.vantage.syncstate.error.SqlStates;
import com.vantage.syncstate.postgrest.error.PostgrestError;
import com.vantage.syncstate.postgrest.plan.Catalog;
import com.vantage.syncstate.postgrest.plan.Column;
import com.vantage.syncstate.postgrest.plan.Relation;
import com.vantage.syncstate.postgrest.request.PreferHeader;
import com.vantage.syncstate.postgrest.request.PreferHeader.Duplicates;
import com.vantage.syncstate.postgrest.request.PreferHeader.Return;
import com.vantage.syncstate.postgrest.request.RequestPayload;
import com.vantage.syncstate.postgrest.request.ResponseShape;
import com.vantage.syncstate.postgrest.request.SelectItem;
import com.vantage.syncstate.postgrest.request.TableQuery;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpHeaders;
import org.springframework.http.ResponseEntity;
import org.springframework.security.core.Authentication;
import org.springframework.stereotype.Component;
import org.springframework.transaction.support.TransactionTemplate;

/**
 * Inserts, updates and deletes rows, in one statement each, with the grants, policies and constraints that {@code psql}
 * meets.
 */
@Component
public class TableWriter {

    private final Catalog catalog;
    private final StatementRunner statements;
    private final TransactionTemplate transactions;

    TableWriter(Catalog catalog, StatementRunner statements, TransactionTemplate transactions) {
        this.catalog = catalog;
        this.statements = statements;
        this.transactions = transactions;
    }

    public ResponseEntity<byte[]> insert(
            Relation relation,
            TableQuery query,
            RequestPayload payload,
            PreferHeader wanted,
            ResponseShape shape,
            Authentication caller) {
        List<Column> columns = columnsOf(relation, payload);
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
            rows(statement, payload, columns, wanted.defaults());
        }
        conflict(statement, relation, query.onConflict(), columns, wanted.duplicates());
        // A row that an upsert found and updated carries this transaction in xmax.
        Changed changed = change(
                statement,
                relation,
                query,
                wanted.duplicates() == Duplicates.MERGE ? "(s.xmax = 0)" : "true",
                payload.isEmpty(),
                wanted,
                shape,
                caller);
        boolean onlyMerged = wanted.duplicates() == Duplicates.MERGE && changed.fresh == 0;
        ResponseEntity<byte[]> answer = answer(onlyMerged ? 200 : 201, "*", changed, wanted, true, shape);
        if (wanted.wants(Return.HEADERS_ONLY) && changed.location != null) {
            return ResponseEntity.status(answer.getStatusCode())
                    .headers(answer.getHeaders())
                    .header(HttpHeaders.LOCATION, changed.location)
                    .build();
        }
        return answer;
    }

    /** A table is not changed as a whole by an address that forgot its filter, here as at Supabase. */
    public ResponseEntity<byte[]> update(
            Relation relation,
            TableQuery query,
            RequestPayload payload,
            PreferHeader wanted,
            ResponseShape shape,
            Authentication caller) {
        if (query.where().isEmpty()) {
            throw new PostgrestError(400, "21000", "UPDATE requires a WHERE clause");
        }
        RequestPayload one = payload.first();
        List<Column> columns = columnsOf(relation, one);
        var statement =
                SqlBuilder.on(relation, catalog).add("update ").add(relation).add(" as s set ");
        statement.each(
                columns, ", ", column -> statement.add(column).add(" = r.").add(column));
        boolean nothing = columns.isEmpty() || payload.isEmpty();
        if (!nothing) {
            statement.add(" from ");
            rows(statement, one, columns, wanted.defaults());
            statement.where(query.where());
        }
        Changed changed = change(statement, relation, query, "true", nothing, wanted, shape, caller);
        String range = changed.rows.count() == 0 ? "*" : "0-" + (changed.rows.count() - 1);
        return answer(wanted.wants(Return.REPRESENTATION) ? 200 : 204, range, changed, wanted, false, shape);
    }

    public ResponseEntity<byte[]> delete(
            Relation relation, TableQuery query, PreferHeader wanted, ResponseShape shape, Authentication caller) {
        if (query.where().isEmpty()) {
            throw new PostgrestError(400, "21000", "DELETE requires a WHERE clause");
        }
        var statement = SqlBuilder.on(relation, catalog)
                .add("delete from ")
                .add(relation)
                .add(" as s")
                .where(query.where());
        Changed changed = change(statement, relation, query, "true", false, wanted, shape, caller);
        return answer(wanted.wants(Return.REPRESENTATION) ? 200 : 204, "*", changed, wanted, false, shape);
    }

    private void conflict(
            SqlBuilder statement,
            Relation relation,
            @Nullable List<String> onConflict,
            List<Column> columns,
            @Nullable Duplicates duplicates) {
        if (duplicates == null) {
            return;
        }
        List<Column> target = onConflict == null
                ? relation.key()
                : onConflict.stream()
                        .map(name -> catalog.column(relation, name)
                                .orElseThrow(() -> new PostgrestError(
                                        400, SqlStates.UNDEFINED_COLUMN, "column \"" + name + "\" does not exist")))
                        .toList();
        if (target.isEmpty()) {
            return;
        }
        statement.add(" on conflict (").each(target, ", ", statement::add).add(")");
        if (duplicates == Duplicates.IGNORE || columns.isEmpty()) {
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

    /** The rows of a body as {@code r}, whose columns have the types of the table's. */
    private static void rows(SqlBuilder statement, RequestPayload payload, List<Column> columns, boolean withDefaults) {
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

    private List<Column> columnsOf(Relation relation, RequestPayload payload) {
        return payload.keys().stream()
                .map(key -> catalog.column(relation, key)
                        .orElseThrow(() -> PostgrestError.unknownColumnOfBody(relation.name(), key)))
                .toList();
    }

    /**
     * Runs a statement, and undoes it where its answer is to be one object and is not.
     *
     * @param isFresh SQL for whether a row is new
     * @param nothing whether there is nothing to do
     */
    private Changed change(
            SqlBuilder statement,
            Relation relation,
            TableQuery query,
            @CompileTimeConstant String isFresh,
            boolean nothing,
            PreferHeader wanted,
            ResponseShape shape,
            Authentication caller) {
        boolean represented = wanted.wants(Return.REPRESENTATION);
        List<SelectItem> selection = represented ? query.select() : List.of();
        statement.add(" returning ").add(isFresh).add(", ");
        statement
                .add("array[")
                .each(
                        relation.key(),
                        ", ",
                        column -> statement.add("s.").add(column).add("::text"))
                .add("]::text[]");
        statement.add(selection.isEmpty() ? "" : ", ").values(selection);
        var changed = new Changed(new RowsResponse(statement.labels(selection), 3));
        if (nothing) {
            return changed;
        }
        Runnable run = () -> statements.change(caller, relation, statement, row -> {
            changed.fresh += row.getBoolean(1) ? 1 : 0;
            if (changed.rows.count() == 0) {
                changed.location = location(relation, (String[]) row.getArray(2).getArray());
            }
            changed.rows.processRow(row);
        });
        if (represented && shape == ResponseShape.OBJECT) {
            transactions.executeWithoutResult(status -> {
                run.run();
                changed.rows.as(shape);
            });
        } else {
            run.run();
        }
        return changed;
    }

    private static @Nullable String location(Relation relation, @Nullable String[] key) {
        List<String> parts = new ArrayList<>();
        for (int at = 0; at < key.length; at++) {
            String value = key[at] == null ? "is.null" : "eq." + key[at];
            parts.add(relation.key().get(at).name() + "=" + URLEncoder.encode(value, StandardCharsets.UTF_8));
        }
        return parts.isEmpty() ? null : "/" + relation.name() + "?" + String.join("&", parts);
    }

    private static ResponseEntity<byte[]> answer(
            int status, String range, Changed changed, PreferHeader wanted, boolean insert, ResponseShape shape) {
        String contentRange = range + "/" + (wanted.counted() ? changed.rows.count() : "*");
        String applied = wanted.applied(true, insert);
        if (!wanted.wants(Return.REPRESENTATION)) {
            return RowsResponse.of(status, contentRange, applied, null, null);
        }
        String body = changed.rows.as(shape);
        return RowsResponse.of(status, contentRange, applied, shape.contentType(), body);
    }

    /** What a statement changed. */
    private static final class Changed {

        private final RowsResponse rows;
        private int fresh;
        private @Nullable String location;

        Changed(RowsResponse rows) {
            this.rows = rows;
        }
    }
}
