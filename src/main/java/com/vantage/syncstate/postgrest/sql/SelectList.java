package com.vantage.syncstate.postgrest.sql;

import com.google.errorprone.annotations.CompileTimeConstant;
import com.vantage.syncstate.http.AnswerSize;
import com.vantage.syncstate.postgrest.plan.Column;
import com.vantage.syncstate.postgrest.plan.Relation;
import com.vantage.syncstate.postgrest.request.FieldPath;
import com.vantage.syncstate.postgrest.request.SelectItem;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Stream;

/** What a statement selects of the table {@code s}, with every column in place of {@code *}. */
final class SelectList {

    private final SqlBuilder statement;
    private final List<SelectItem> items;

    SelectList(SqlBuilder statement, Relation relation, List<SelectItem> selection) {
        this.statement = statement;
        this.items = selection.stream()
                .flatMap(item -> item.field() == null
                        ? relation.columns().stream()
                                .map(Column::name)
                                .map(name -> new SelectItem(new FieldPath(name, List.of()), name, null))
                        : Stream.of(item))
                .toList();
    }

    boolean isEmpty() {
        return items.isEmpty();
    }

    /** The keys of an answer's rows, in the order of {@link #fields}. */
    List<String> labels() {
        return items.stream().map(SelectItem::label).toList();
    }

    /** Adds the columns to the statement. */
    SqlBuilder fields() {
        return add("", "");
    }

    /** As {@link #fields}, each as JSON. */
    SqlBuilder values() {
        return add("to_json(", ")::text");
    }

    private SqlBuilder add(@CompileTimeConstant String open, @CompileTimeConstant String close) {
        return statement.each(items, ", ", item -> {
            statement.add(open);
            if (item.cast() == null) {
                statement.field(field(item));
            } else {
                statement
                        .add("cast(")
                        .field(field(item))
                        .add(" as ")
                        .add(item.cast())
                        .add(")");
            }
            statement.add(close);
        });
    }

    /**
     * Which of {@link #fields} are JSON or a part of it, which may be large.
     *
     * @return the first position of each, from 1, and how often it is selected
     */
    Map<Integer, Integer> jsonColumns() {
        Map<FieldPath, Integer> positions = new HashMap<>();
        Map<Integer, Integer> times = new LinkedHashMap<>();
        int position = 0;
        for (SelectItem item : items) {
            position++;
            FieldPath field = field(item);
            if (statement.column(field).isJson()) {
                times.merge(
                        Objects.requireNonNullElse(positions.putIfAbsent(field, position), position), 1, Integer::sum);
            }
        }
        return times;
    }

    /** Ends the statement by a division by zero at the row with which its answer becomes too large. */
    SqlBuilder limit() {
        return limit(0);
    }

    /** @param bytesOfRow that each has beside its JSON */
    SqlBuilder limit(int bytesOfRow) {
        statement
                .add("1 / greatest(")
                .number(AnswerSize.MAX_BYTES)
                .add(" - sum(")
                .number(bytesOfRow);
        jsonColumns()
                .forEach((position, times) -> statement
                        .add(" + coalesce(octet_length((")
                        .field(field(items.get(position - 1)))
                        .add(")::text), 0)::bigint * ")
                        .number(times));
        return statement.add(") over (rows unbounded preceding), 0)");
    }

    private static FieldPath field(SelectItem item) {
        return Objects.requireNonNull(item.field());
    }
}
