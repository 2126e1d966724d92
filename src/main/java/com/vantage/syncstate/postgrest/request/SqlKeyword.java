package com.vantage.syncstate.postgrest.request;

/** What a request may choose from, each choice with its SQL. */
public sealed interface SqlKeyword
        permits Condition.Truth, Operator, OrderTerm.Direction, OrderTerm.Nulls, SelectItem.Cast {

    String sql();
}
