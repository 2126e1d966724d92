package com.vantage.syncstate.postgrest.sql;

import com.google.errorprone.annotations.CompileTimeConstant;
import com.vantage.syncstate.postgrest.error.PostgrestError;
import com.vantage.syncstate.postgrest.plan.Catalog;
import com.vantage.syncstate.postgrest.plan.CatalogName;
import com.vantage.syncstate.postgrest.plan.Column;
import com.vantage.syncstate.postgrest.plan.Relation;
import com.vantage.syncstate.postgrest.plan.Routine;
import com.vantage.syncstate.postgrest.request.Condition;
import com.vantage.syncstate.postgrest.request.FieldPath;
import com.vantage.syncstate.postgrest.request.OrderTerm;
import com.vantage.syncstate.postgrest.request.RowRange;
import com.vantage.syncstate.postgrest.request.SqlKeyword;
import java.sql.Types;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.springframework.jdbc.core.SqlParameterValue;

/**
 * A statement under construction.
 *
 * <p>Its text comes from constants of this package, from choices of a request that are enums, and from names that the
 * catalog knows, which the compiler checks; whatever else a request says is bound, without a type, so that PostgreSQL
 * takes it for that of the column beside it.
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

    SqlBuilder add(@CompileTimeConstant String sql) {
        text.append(sql);
        return this;
    }

    /** Opens a bracket before all that there is. */
    SqlBuilder within(@CompileTimeConstant String opening) {
        text.insert(0, opening);
        return this;
    }

    SqlBuilder add(SqlKeyword keyword) {
        text.append(keyword.sql());
        return this;
    }

    SqlBuilder add(CatalogName name) {
        text.append(name.quoted());
        return this;
    }

    /** The column with its type, as a definition list has it. */
    SqlBuilder define(Column column) {
        text.append(column.quoted()).append(' ').append(column.type());
        return this;
    }

    /** The parameter with its type, as a definition list has it. */
    SqlBuilder define(Routine.Argument parameter) {
        text.append(parameter.quoted()).append(' ').append(parameter.type());
        return this;
    }

    /** The column's name and its default, as arguments of {@code jsonb_build_object}. */
    SqlBuilder defaultOf(Column column) {
        text.append('\'').append(column.name().replace("'", "''")).append("', ");
        text.append(column.defaultExpression());
        return this;
    }

    SqlBuilder number(int number) {
        text.append(number);
        return this;
    }

    /** Adds each item, with a separator between two. */
    <T> SqlBuilder each(Iterable<T> items, @CompileTimeConstant String separator, Consumer<T> item) {
        boolean first = true;
        for (T one : items) {
            if (!first) {
                add(separator);
            }
            first = false;
            item.accept(one);
        }
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

    /** The rows of the table {@code s} that meet the conditions. */
    SqlBuilder from(List<Condition> conditions) {
        return add(" from ").add(relation).add(" s").where(conditions);
    }

    SqlBuilder where(List<Condition> conditions) {
        return add(conditions.isEmpty() ? "" : " where ").each(conditions, " and ", this::condition);
    }

    SqlBuilder order(List<OrderTerm> terms) {
        return add(terms.isEmpty() ? "" : " order by ")
                .each(
                        terms,
                        ", ",
                        term -> field(term.field()).add(term.direction()).add(term.nulls()));
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
                    .add(comparison.operator())
                    .bind(storable(comparison.operator().isPattern() ? value.replace('*', '%') : value));
        }
        if (condition instanceof Condition.Membership membership) {
            return negation(membership.negated())
                    .field(membership.field())
                    .add(" = any (")
                    .bind(array(membership.values()))
                    .add(")");
        }
        if (condition instanceof Condition.AnyKey keys) {
            // A subselect, without which each statement would be planned anew: see SyncStateStatements.OF_THESE.
            return field(keys.key())
                    .add(" = any ((select ")
                    .bind(array(keys.values()))
                    .add("::text[])::text[])");
        }
        if (condition instanceof Condition.Identity identity) {
            return negation(identity.negated()).field(identity.field()).add(identity.truth());
        }
        var junction = (Condition.Junction) condition;
        return negation(junction.negated())
                .add("(")
                .each(junction.parts(), junction.any() ? " or " : " and ", this::condition)
                .add(")");
    }

    private SqlBuilder negation(boolean negated) {
        return add(negated ? "not " : "");
    }

    /** The value of a column of the table {@code s}, or of a part of it. */
    SqlBuilder field(FieldPath field) {
        Column column = column(field);
        boolean wrapped = !field.path().isEmpty() && !column.isJson();
        add(wrapped ? "to_jsonb(s." : "s.").add(column).add(wrapped ? ")" : "");
        for (FieldPath.Step step : field.path()) {
            add(step.asText() ? "->>cast(" : "->cast(")
                    .bind(storable(step.key()))
                    .add(step.isIndex() ? " as int)" : " as text)");
        }
        return this;
    }

    /** @throws PostgrestError 400 where there is none */
    Column column(FieldPath field) {
        return columns.apply(field.column())
                .orElseThrow(() -> PostgrestError.unknownColumn(relation.name(), field.column()));
    }

    private static String array(List<String> values) {
        return values.stream()
                .map(value -> '"' + storable(value).replace("\\", "\\\\").replace("\"", "\\\"") + '"')
                .collect(Collectors.joining(",", "{", "}"));
    }

    /** PostgreSQL's texts end where NUL would stand, and so does what is compared with them. */
    static String storable(String value) {
        int nul = value.indexOf('\0');
        return nul < 0 ? value : value.substring(0, nul);
    }
}
