package com.vantage.syncstate.supabase;

import java.util.List;
import java.util.Optional;

/** A table or view of the schema {@code public}, as the database has it. */
record Relation(String name, List<Column> columns) {

    Relation {
        columns = List.copyOf(columns);
    }

    Optional<Column> find(String column) {
        return columns.stream().filter(known -> known.name().equals(column)).findFirst();
    }

    List<Column> key() {
        return columns.stream().filter(Column::key).toList();
    }

    /** The name as SQL. */
    String quoted() {
        return "public.\"" + name.replace("\"", "\"\"") + '"';
    }
}
