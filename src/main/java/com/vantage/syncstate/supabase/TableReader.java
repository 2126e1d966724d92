package com.vantage.syncstate.supabase;

import java.math.BigInteger;
import org.springframework.http.ResponseEntity;
import org.springframework.stereotype.Component;

/** Reads rows of a table: one statement, and a second where the total is wanted of a page that has no row to tell it. */
@Component
class TableReader {

    private final Catalog catalog;
    private final Statements statements;

    TableReader(Catalog catalog, Statements statements) {
        this.catalog = catalog;
        this.statements = statements;
    }

    ResponseEntity<byte[]> read(Relation relation, TableQuery query, Preferences preferences, Shape shape) {
        var statement = catalog.statement(relation);
        statement.add(preferences.counted() ? "select count(*) over (), " : "select null::bigint, ");
        statement.values(query.select()).add(" from ").add(relation.quoted()).add(" s");
        statement.where(query.where()).order(query.order()).page(query.page());
        var rows = new Rows(statement.labels(query.select()), 2);
        var counted = new long[1];
        statements.read(statement, row -> {
            counted[0] = row.getLong(1);
            rows.processRow(row);
        });
        Long total = null;
        if (preferences.counted()) {
            total = rows.count() > 0 || isWhole(query.page()) ? Long.valueOf(counted[0]) : count(relation, query);
        }
        String body = shape == Shape.OBJECT ? rows.asObject() : rows.asArray();
        String range = Answer.contentRange(query.page().offset().longValue(), rows.count(), total);
        String applied = preferences.applied(false, false);
        if (total != null && query.page().offset().longValue() > total) {
            throw Refusal.beyond(query.page().offset(), total);
        }
        int status = total != null && rows.count() < total ? 206 : 200;
        return Answer.of(status, range, applied, shape.contentType(), body);
    }

    private long count(Relation relation, TableQuery query) {
        Sql statement = catalog.statement(relation)
                .add("select count(*) from ")
                .add(relation.quoted())
                .add(" s")
                .where(query.where());
        var counted = new long[1];
        statements.read(statement, row -> counted[0] = row.getLong(1));
        return counted[0];
    }

    /** An empty page of these is an empty table. */
    private static boolean isWhole(Page page) {
        return page.offset().signum() == 0 && page.limit().compareTo(BigInteger.ZERO) > 0;
    }
}
