package com.vantage.syncstate.postgrest.sql;

import com.google.errorprone.annotations.CompileTimeConstant;
import com.vantage.syncstate.postgrest.error.PostgrestError;
import com.vantage.syncstate.postgrest.plan.Catalog;
import com.vantage.syncstate.postgrest.plan.Relation;
import com.vantage.syncstate.postgrest.request.PreferHeader.Duplicates;
import com.vantage.syncstate.postgrest.request.PreferHeader.Return;
import com.vantage.syncstate.postgrest.request.RequestPayload;
import com.vantage.syncstate.postgrest.request.ResponseShape;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpHeaders;
import org.springframework.http.ResponseEntity;
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

    public ResponseEntity<byte[]> insert(TableWrite write, RequestPayload payload) {
        boolean merges = write.wanted().duplicates() == Duplicates.MERGE_DUPLICATES;
        var statement = InsertStatement.of(write, payload, catalog);
        // A row that an upsert found and updated carries this transaction in xmax.
        Changed changed = change(write, statement, merges ? "(s.xmax = 0)" : "true", payload.isEmpty());
        ResponseEntity<byte[]> answer = answer(merges && changed.fresh == 0 ? 200 : 201, "*", changed, write, true);
        if (write.wanted().wants(Return.HEADERS_ONLY) && changed.location != null) {
            return ResponseEntity.status(answer.getStatusCode())
                    .headers(answer.getHeaders())
                    .header(HttpHeaders.LOCATION, changed.location)
                    .build();
        }
        return answer;
    }

    /** A table is not changed as a whole by an address that forgot its filter, here as at Supabase. */
    public ResponseEntity<byte[]> update(TableWrite write, RequestPayload payload) {
        Relation relation = write.relation();
        if (write.query().where().isEmpty()) {
            throw new PostgrestError(400, "21000", "UPDATE requires a WHERE clause");
        }
        var rows = PayloadRows.of(
                payload.first(), relation, catalog, write.wanted().defaults());
        var statement =
                SqlBuilder.on(relation, catalog).add("update ").add(relation).add(" as s set ");
        statement.each(
                rows.columns(),
                ", ",
                column -> statement.add(column).add(" = r.").add(column));
        boolean nothing = rows.columns().isEmpty() || payload.isEmpty();
        if (!nothing) {
            statement.add(" from ");
            rows.addTo(statement);
            statement.where(write.query().where());
        }
        Changed changed = change(write, statement, "true", nothing);
        String range = changed.rows.count() == 0 ? "*" : "0-" + (changed.rows.count() - 1);
        return answer(write.represented() ? 200 : 204, range, changed, write, false);
    }

    public ResponseEntity<byte[]> delete(TableWrite write) {
        if (write.query().where().isEmpty()) {
            throw new PostgrestError(400, "21000", "DELETE requires a WHERE clause");
        }
        var statement = SqlBuilder.on(write.relation(), catalog)
                .add("delete from ")
                .add(write.relation())
                .add(" as s")
                .where(write.query().where());
        Changed changed = change(write, statement, "true", false);
        return answer(write.represented() ? 200 : 204, "*", changed, write, false);
    }

    /**
     * Runs a statement, and undoes it where it was to be of one row and is not, whether or not that is answered.
     *
     * @param isFresh SQL for whether a row is new
     * @param nothing whether there is nothing to do
     */
    private Changed change(
            TableWrite write, SqlBuilder statement, @CompileTimeConstant String isFresh, boolean nothing) {
        Relation relation = write.relation();
        var selected = new SelectList(
                statement, relation, write.represented() ? write.query().select() : List.of());
        statement
                .within("with changed as (")
                .add(" returning s.*, ")
                .add(isFresh)
                .add(" as \"is fresh\") select s.\"is fresh\", array[")
                .each(
                        relation.key(),
                        ", ",
                        column -> statement.add("s.").add(column).add("::text"))
                .add("]::text[]");
        if (!selected.isEmpty()) {
            statement.add(", ");
            selected.limit().add(", ");
            selected.values();
        }
        statement.add(" from changed s");
        var changed = new Changed(new RowsResponse(selected.labels(), 4));
        if (nothing) {
            return changed;
        }
        Runnable run = () -> statements.change(write.caller(), relation, statement, row -> {
            changed.fresh += row.getBoolean(1) ? 1 : 0;
            if (changed.rows.count() == 0) {
                changed.location = location(relation, (String[]) row.getArray(2).getArray());
            }
            changed.rows.processRow(row);
        });
        if (write.shape() == ResponseShape.OBJECT) {
            transactions.executeWithoutResult(status -> {
                run.run();
                changed.rows.as(write.shape());
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
            int status, String range, Changed changed, TableWrite write, boolean insert) {
        String contentRange = range + "/" + (write.wanted().counted() ? changed.rows.count() : "*");
        String applied = write.wanted().applied(true, insert);
        if (!write.represented()) {
            return RowsResponse.of(status, contentRange, applied, null, null);
        }
        byte[] body = changed.rows.as(write.shape());
        return RowsResponse.of(status, contentRange, applied, write.shape().contentType(), body);
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
