package com.vantage.syncstate.postgrest.request;

import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;

/** The comparisons that a filter may make, each with its SQL. */
public enum Operator {
    EQ(" = "),
    NEQ(" <> "),
    GT(" > "),
    GTE(" >= "),
    LT(" < "),
    LTE(" <= "),
    LIKE(" like "),
    ILIKE(" ilike ");

    private final String sql;

    Operator(String sql) {
        this.sql = sql;
    }

    public String sql() {
        return sql;
    }

    /** The pattern operators write {@code *} for {@code %}, which addresses would have to escape. */
    public boolean isPattern() {
        return this == LIKE || this == ILIKE;
    }

    static Optional<Operator> of(String name) {
        return Arrays.stream(values())
                .filter(operator -> operator.name().toLowerCase(Locale.ROOT).equals(name))
                .findFirst();
    }
}
