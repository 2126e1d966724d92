package com.vantage.syncstate.postgrest.request;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What a request asks of a table, as its parameters say it; none of its names is known to be a column yet.
 *
 * @param columns those of a body that count; null for all
 * @param onConflict those by which an upsert finds its row; null for the primary key
 * @param paged whether {@code order}, {@code limit} or {@code offset} was given
 */
public record TableQuery(
        List<SelectItem> select,
        List<Condition> where,
        List<OrderTerm> order,
        RowRange page,
        @Nullable List<String> columns,
        @Nullable List<String> onConflict,
        boolean paged) {

    private static final Set<String> PAGING = Set.of("order", "limit", "offset");

    /**
     * Reads the parameters of a request.
     *
     * @param range the header {@code Range} of a GET
     */
    public static TableQuery read(QueryString query, @Nullable String range) {
        List<Condition> where = new ArrayList<>();
        List<Condition> filters = new ArrayList<>();
        String order = null;
        String limit = null;
        String offset = null;
        for (QueryString.Parameter parameter : query.parameters()) {
            String name = parameter.name();
            String value = parameter.value();
            switch (name) {
                case "select", "columns", "on_conflict" -> {}
                case "order" -> order = order == null ? value : order;
                case "limit" -> limit = value;
                case "offset" -> offset = value;
                case "or", "and" -> where.add(FilterParser.readLogic(false, name, value));
                case "not.or", "not.and" -> where.add(FilterParser.readLogic(true, name.substring(4), value));
                default -> filters.add(FilterParser.read(name, value));
            }
        }
        // Of two errors PostgreSQL names the first, so they stand in the order that PostgREST gives them.
        where.addAll(filters);
        return new TableQuery(
                query.first("select").map(SelectItem::read).orElse(SelectItem.ALL),
                where,
                order == null ? List.of() : OrderTerm.read(order),
                RowRange.read(offset, limit, range),
                query.first("columns").map(text -> names("columns", text)).orElse(null),
                query.first("on_conflict")
                        .map(text -> names("on_conflict", text))
                        .orElse(null),
                query.parameters().stream().anyMatch(parameter -> PAGING.contains(parameter.name())));
    }

    private static List<String> names(String parameter, String text) {
        return new ParameterScanner(parameter + " parameter", text)
                .list(ParameterScanner::name, "\",\" or end of input");
    }
}
