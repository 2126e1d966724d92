package com.vantage.syncstate.postgrest.sql;

import com.google.errorprone.annotations.CompileTimeConstant;
import com.vantage.syncstate.database.ReadCoalescer;
import com.vantage.syncstate.http.AnswerSize;
import com.vantage.syncstate.postgrest.error.PostgrestError;
import com.vantage.syncstate.postgrest.plan.Catalog;
import com.vantage.syncstate.postgrest.plan.Relation;
import com.vantage.syncstate.postgrest.request.PreferHeader;
import com.vantage.syncstate.postgrest.request.PreferHeader.Count;
import com.vantage.syncstate.postgrest.request.ResponseShape;
import com.vantage.syncstate.postgrest.request.RowRange;
import com.vantage.syncstate.postgrest.request.TableQuery;
import java.math.BigInteger;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.springframework.http.ResponseEntity;
import org.springframework.stereotype.Component;
import tools.jackson.databind.json.JsonMapper;

/** Reads a page of rows and, where it is wanted, the total: counted by the same statement, or what the planner expects. */
@Component
public class TableReader {

    /** What a row has beside its keys and its columns of JSON, at most. */
    static final int BYTES_OF_SMALL_COLUMNS = 1024;

    private static final JsonMapper JSON = JsonMapper.builder().build();

    private final Catalog catalog;
    private final StatementRunner statements;
    private final RowsByKey rowsByKey;
    private final ReadCoalescer<Wanted, ResponseEntity<byte[]>> pages = new ReadCoalescer<>();

    TableReader(Catalog catalog, StatementRunner statements) {
        this.catalog = catalog;
        this.statements = statements;
        this.rowsByKey = new RowsByKey(catalog, statements);
    }

    /** Answers one request; those that want the same at one time share a statement, and those of single rows do. */
    public ResponseEntity<byte[]> read(
            Relation relation, TableQuery query, PreferHeader preferences, ResponseShape shape) {
        String key = RowsByKey.key(relation, query, preferences);
        if (key != null) {
            RowsResponse row = rowsByKey.read(relation, query.select(), key);
            return RowsResponse.of(
                    200,
                    RowsResponse.contentRange(0, row.count(), null),
                    preferences.applied(false, false),
                    shape.contentType(),
                    row.as(shape));
        }
        return pages.read(
                new Wanted(relation.name(), query, preferences, shape),
                () -> readPage(relation, query, preferences, shape));
    }

    private ResponseEntity<byte[]> readPage(
            Relation relation, TableQuery query, PreferHeader preferences, ResponseShape shape) {
        SqlBuilder statement = SqlBuilder.on(relation, catalog);
        var selected = new SelectList(statement, relation, query.select());
        List<String> labels = selected.labels();
        columns(statement.add("with page ("), labels.size(), "c", "").add(") as (select ");
        selected.fields()
                .from(query.where())
                .order(query.order())
                .page(query.page())
                .add(")");
        var rows = new RowsResponse(labels, 4);
        limit(statement.add(" select "), rows.bytesOfKeys(), selected.jsonColumns());
        if (preferences.counted()) {
            count(statement.add(", "), query, preferences.count() == Count.ESTIMATED)
                    .add(", fetched.rows > 0, ");
        } else {
            statement.add(", null::bigint, true, ");
        }
        // JSON is made of the page's rows alone; made beside the order, PostgreSQL would make it of all that it sorts.
        columns(statement, labels.size(), "to_json(page.c", ")::text").add(" from ");
        statement.add(
                preferences.counted() ? "(select count(*) as rows from page) fetched left join page on true" : "page");
        var counted = new long[1];
        statements.read(statement, row -> {
            counted[0] = row.getLong(2);
            if (row.getBoolean(3)) {
                rows.processRow(row);
            }
        });
        byte[] body = rows.as(shape);
        Long total = total(relation, query, preferences.count(), counted[0]);
        BigInteger offset = query.page().offset();
        String range = RowsResponse.contentRange(offset.longValue(), rows.count(), total);
        if (total != null && offset.longValue() > total) {
            throw PostgrestError.beyond(offset, total, range);
        }
        return RowsResponse.of(
                total != null && rows.count() < total ? 206 : 200,
                range,
                preferences.applied(false, false),
                shape.contentType(),
                body);
    }

    /**
     * Ends the statement by a division by zero at the row with which the answer becomes too large: so the database holds
     * it back, and neither the driver nor the answer ever has it. Comes first in a row, before its values are made.
     */
    private static void limit(SqlBuilder statement, int bytesOfKeys, Map<Integer, Integer> jsonColumns) {
        int bytesOfRow = bytesOfKeys + BYTES_OF_SMALL_COLUMNS;
        if (jsonColumns.isEmpty() && bytesOfRow * RowRange.MAX_ROWS.longValue() <= AnswerSize.MAX_BYTES) {
            statement.add("1");
            return;
        }
        statement
                .add("1 / greatest(")
                .number(AnswerSize.MAX_BYTES)
                .add(" - sum(")
                .number(bytesOfRow);
        jsonColumns.forEach((column, times) -> statement
                .add(" + coalesce(octet_length(page.c")
                .number(column)
                .add("::text), 0)::bigint * ")
                .number(times));
        statement.add(") over (rows unbounded preceding), 0)");
    }

    /**
     * The total, from the page's snapshot. A page that is not full ends at the last row, which gives the total; else the
     * rows are counted, for an estimate only until there are too many for it.
     */
    private static SqlBuilder count(SqlBuilder statement, TableQuery query, boolean estimated) {
        RowRange page = query.page();
        statement
                .add("case when fetched.rows between ")
                .bind(page.offset().signum() == 0 ? "0" : "1")
                .add(" and ")
                .bind(page.limit().subtract(BigInteger.ONE).toString())
                .add(" then fetched.rows + ")
                .bind(page.offset().toString())
                .add(" else (select count(*) from (select")
                .from(query.where());
        if (estimated) {
            statement.add(" limit ").bind(RowRange.MAX_ROWS.add(BigInteger.ONE).toString());
        }
        return statement.add(") counted) end");
    }

    private static SqlBuilder columns(
            SqlBuilder statement, int count, @CompileTimeConstant String open, @CompileTimeConstant String close) {
        return statement.each(
                () -> IntStream.rangeClosed(1, count).iterator(),
                ", ",
                column -> statement.add(open).number(column).add(close));
    }

    /** @param counted 0 where nothing was counted */
    private @Nullable Long total(Relation relation, TableQuery query, @Nullable Count count, long counted) {
        if (count == null) {
            return null;
        }
        boolean few = count == Count.ESTIMATED && counted <= RowRange.MAX_ROWS.longValue();
        return count == Count.EXACT || few ? counted : Math.max(counted, planned(relation, query));
    }

    private long planned(Relation relation, TableQuery query) {
        SqlBuilder statement = SqlBuilder.on(relation, catalog)
                .add("explain (format json) select")
                .from(query.where());
        var expected = new long[1];
        statements.read(
                statement,
                row -> expected[0] =
                        JSON.readTree(row.getString(1)).at("/0/Plan/Plan Rows").longValue());
        return expected[0];
    }

    /** Whoever wants an equal one gets the same. */
    private record Wanted(String relation, TableQuery query, PreferHeader preferences, ResponseShape shape) {}
}
