package com.vantage.syncstate.postgrest.plan;

/** What the database's catalog names, so that SQL may name it too. */
public sealed interface CatalogName permits Column, Relation, Routine, Routine.Argument {

    String name();

    /** The name as SQL. */
    default String quoted() {
        return '"' + name().replace("\"", "\"\"") + '"';
    }
}
