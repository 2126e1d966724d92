package com.vantage.syncstate.postgrest.plan;

import java.util.List;
import java.util.Optional;

/** A table or view of the schema {@code public}, as the database has it. */
public record Relation(String name, List<Column> columns) implements CatalogName {

    public Relation {
        columns = List.copyOf(columns);
    }

    public Optional<Column> find(String column) {
        return columns.stream().filter(known -> known.name().equals(column)).findFirst();
    }

    public List<Column> key() {
        return columns.stream().filter(Column::key).toList();
    }

    @Override
    public String quoted() {
        return "public." + CatalogName.super.quoted();
    }
}
