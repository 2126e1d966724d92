package com.vantage.syncstate.postgrest.sql;

import com.vantage.syncstate.postgrest.error.PostgrestError;
import com.vantage.syncstate.postgrest.plan.Catalog;
import com.vantage.syncstate.postgrest.plan.Column;
import com.vantage.syncstate.postgrest.plan.Relation;
import com.vantage.syncstate.postgrest.request.Condition;
import com.vantage.syncstate.postgrest.request.FieldPath;
import com.vantage.syncstate.postgrest.request.OrderTerm;
import com.vantage.syncstate.postgrest.request.RowRange;
import com.vantage.syncstate.postgrest.request.SelectItem;
import java.sql.Types;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.springframework.jdbc.core.SqlParameterValue;

/**
 * A statement in the making.
 *
 * <p>Its text comes from constants of this package and from names that the catalog knows; whatever a request says is
 * bound, without a type, so that PostgreSQL takes it for that of the column beside it.
 */
final class SqlBuilder {

    private final StringBuilder text = new StringBuilder();
    private final List<Object> bound = new ArrayList<>();
    private final Relation relation;
    private final Function<String, Optional<Column>> columns;

    /** @param columns finds a column of the table, which is {@code s} in the statement, by its name */
    SqlBuilder(Relation relation, Function<String, Optional<Column>> columns) {
        this.relation = relation;
        this.columns = columns;
    }

    /** A statement about a table. */
    static SqlBuilder on(Relation relation, Catalog catalog) {
        return new SqlBuilder(relation, name -> catalog.column(relation, name));
    }

    /** @param constant never anything that a request said */
    SqlBuilder add(String constant) {
        text.append(constant);
        return this;
    }

    SqlBuilder bind(String value) {
        text.append('?');
        bound.add(new SqlParameterValue(Types.OTHER, value));
        return this;
    }

    /** What is bound, in its order. */
    List<Object> bound() {
        return List.copyOf(bound);
    }

    String text() {
        return text.toString();
    }

    /** The columns of the table {@code s} that answer a selection. */
    SqlBuilder fields(List<SelectItem> selection) {
        return list(selection, "", "");
    }

    /** As {@link #fields}, each as JSON. */
    SqlBuilder values(List<SelectItem> selection) {
        return list(selection, "to_json(", ")::text");
    }

    private SqlBuilder list(List<SelectItem> selection, String open, String close) {
        String separator = "";
        for (SelectItem selected : selection) {
            if (selected.field() == null) {
                for (Column column : relation.columns()) {
                    add(separator).add(open).add("s.").add(column.quoted()).add(close);
                    separator = ", ";
                }
            } else {
                add(separator).add(open);
                add(selected.cast() == null ? "" : "cast(").field(selected.field());
                add(selected.cast() == null ? "" : " as " + selected.cast() + ")")
                        .add(close);
                separator = ", ";
            }
        }
        return this;
    }

    /** The keys of an answer's rows, in the order of {@link #fields}. */
    List<String> labels(List<SelectItem> selection) {
        return selection.stream()
                .flatMap(selected -> selected.field() == null
                        ? relation.columns().stream().map(Column::name)
                        : Stream.of(selected.label()))
                .toList();
    }

    /** The rows of the table {@code s} that meet the conditions. */
    SqlBuilder from(List<Condition> conditions) {
        return add(" from ").add(relation.quoted()).add(" s").where(conditions);
    }

    SqlBuilder where(List<Condition> conditions) {
        String separator = " where ";
        for (Condition condition : conditions) {
            add(separator).condition(condition);
            separator = " and ";
        }
        return this;
    }

    SqlBuilder order(List<OrderTerm> terms) {
        String separator = " order by ";
        for (OrderTerm term : terms) {
            add(separator).field(term.field());
            add(term.direction().sql()).add(term.nulls().sql());
            separator = ", ";
        }
        return this;
    }

    SqlBuilder page(RowRange page) {
        return add(" limit ")
                .bind(page.limit().toString())
                .add(" offset ")
                .bind(page.offset().toString());
    }

    private SqlBuilder condition(Condition condition) {
        if (condition instanceof Condition.Comparison comparison) {
            String value = comparison.value();
            return negation(comparison.negated())
                    .field(comparison.field())
                    .add(comparison.operator().sql())
                    .bind(storable(comparison.operator().isPattern() ? value.replace('*', '%') : value));
        }
        if (condition instanceof Condition.Membership membership) {
            return negation(membership.negated())
                    .field(membership.field())
                    .add(" = any (")
                    .bind(array(membership.values()))
                    .add(")");
        }
        if (condition instanceof Condition.Identity identity) {
            return negation(identity.negated())
                    .field(identity.field())
                    .add(identity.truth().sql());
        }
        var junction = (Condition.Junction) condition;
        negation(junction.negated()).add("(");
        String separator = "";
        for (Condition part : junction.parts()) {
            add(separator).condition(part);
            separator = junction.any() ? " or " : " and ";
        }
        return add(")");
    }

    private SqlBuilder negation(boolean negated) {
        return add(negated ? "not " : "");
    }

    private SqlBuilder field(FieldPath field) {
        Column column = columns.apply(field.column())
                .orElseThrow(() -> PostgrestError.unknownColumn(relation.name(), field.column()));
        boolean wrapped = !field.path().isEmpty() && !column.isJson();
        add(wrapped ? "to_jsonb(s." : "s.").add(column.quoted()).add(wrapped ? ")" : "");
        for (FieldPath.Step step : field.path()) {
            add(step.asText() ? "->>cast(" : "->cast(")
                    .bind(storable(step.key()))
                    .add(step.isIndex() ? " as int)" : " as text)");
        }
        return this;
    }

    private static String array(List<String> values) {
        return values.stream()
                .map(value -> '"' + storable(value).replace("\\", "\\\\").replace("\"", "\\\"") + '"')
                .collect(Collectors.joining(",", "{", "}"));
    }

    /** PostgreSQL's texts end where NUL would stand, and so does what is compared with them. */
    private static String storable(String value) {
        int nul = value.indexOf('\0');
        return nul < 0 ? value : value.substring(0, nul);
    }
}
