package com.vantage.syncstate.postgrest.sql;

import com.vantage.syncstate.database.ReadBatcher;
import com.vantage.syncstate.postgrest.plan.Catalog;
import com.vantage.syncstate.postgrest.plan.Column;
import com.vantage.syncstate.postgrest.plan.Relation;
import com.vantage.syncstate.postgrest.request.Condition;
import com.vantage.syncstate.postgrest.request.Condition.Comparison;
import com.vantage.syncstate.postgrest.request.FieldPath;
import com.vantage.syncstate.postgrest.request.Operator;
import com.vantage.syncstate.postgrest.request.PreferHeader;
import com.vantage.syncstate.postgrest.request.SelectItem;
import com.vantage.syncstate.postgrest.request.TableQuery;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Reads single rows by their key, {@code ?resource=eq.accounts}: those that are wanted at one time by one statement. */
final class RowsByKey {

    private final Catalog catalog;
    private final StatementRunner statements;
    private final ReadBatcher<Wanted, String, RowsResponse> batches = new ReadBatcher<>();

    RowsByKey(Catalog catalog, StatementRunner statements) {
        this.catalog = catalog;
        this.statements = statements;
    }

    /** The key of the one row that a request reads; null for a request of another kind. */
    static @Nullable String key(Relation relation, TableQuery query, PreferHeader preferences) {
        if (preferences.count() != null
                || query.where().size() != 1
                || query.page().offset().signum() != 0
                || query.page().limit().signum() == 0) {
            return null;
        }
        List<Column> key = relation.key();
        return key.size() == 1
                        // Of other types the value may be written in several ways.
                        && key.get(0).type().equals("text")
                        && query.where().get(0) instanceof Comparison comparison
                        && comparison.operator() == Operator.EQ
                        && !comparison.negated()
                        && comparison.field().equals(column(key.get(0)))
                ? SqlBuilder.storable(comparison.value())
                : null;
    }

    /** The row, or none. */
    RowsResponse read(Relation relation, List<SelectItem> select, String key) {
        RowsResponse found =
                batches.read(new Wanted(relation.name(), select), key, keys -> rows(relation, select, keys));
        return found == null ? response(new SelectList(SqlBuilder.on(relation, catalog), relation, select)) : found;
    }

    private Map<String, RowsResponse> rows(Relation relation, List<SelectItem> select, Set<String> keys) {
        Column key = relation.key().get(0);
        SqlBuilder statement = SqlBuilder.on(relation, catalog);
        var selected = new SelectList(statement, relation, select);
        int bytesOfKeys = response(selected).bytesOfKeys();
        statement.add("select ");
        // Where they are too large together, each is read alone.
        selected.limit(TableReader.BYTES_OF_SMALL_COLUMNS + bytesOfKeys)
                .add(", s.")
                .add(key)
                .add(selected.isEmpty() ? "" : ", ");
        selected.values().from(List.of(new Condition.AnyKey(column(key), List.copyOf(keys))));
        Map<String, RowsResponse> rows = new HashMap<>();
        statements.read(statement, row -> {
            RowsResponse one = response(selected);
            one.processRow(row);
            rows.put(row.getString(2), one);
        });
        return rows;
    }

    private static RowsResponse response(SelectList selected) {
        return new RowsResponse(selected.labels(), 3);
    }

    private static FieldPath column(Column key) {
        return new FieldPath(key.name(), List.of());
    }

    /** What rows have in common that one statement reads. */
    private record Wanted(String relation, List<SelectItem> select) {}
}
