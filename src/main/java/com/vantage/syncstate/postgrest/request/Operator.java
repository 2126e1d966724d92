package com.vantage.syncstate.postgrest.request;

import com.google.errorprone.annotations.CompileTimeConstant;

/** The comparisons that a filter may make, each with its SQL. */
public enum Operator implements SqlKeyword {
    EQ(" = "),
    NEQ(" <> "),
    GT(" > "),
    GTE(" >= "),
    LT(" < "),
    LTE(" <= "),
    LIKE(" like "),
    ILIKE(" ilike ");

    private final String sql;

    Operator(@CompileTimeConstant String sql) {
        this.sql = sql;
    }

    @Override
    public String sql() {
        return sql;
    }

    /** The pattern operators write {@code *} for {@code %}, which addresses would have to escape. */
    public boolean isPattern() {
        return this == LIKE || this == ILIKE;
    }
}
