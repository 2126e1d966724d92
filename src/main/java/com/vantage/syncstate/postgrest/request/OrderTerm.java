package com.vantage.syncstate.postgrest.request;

import com.google.errorprone.annotations.CompileTimeConstant;
import com.vantage.syncstate.postgrest.error.PostgrestError;
import java.util.List;

/** One term of an answer's order. */
public record OrderTerm(FieldPath field, Direction direction, Nulls nulls) {

    /** Which way a term sorts. */
    public enum Direction implements SqlKeyword {
        UNSAID(""),
        ASC(" asc"),
        DESC(" desc");

        private final String sql;

        Direction(@CompileTimeConstant String sql) {
            this.sql = sql;
        }

        @Override
        public String sql() {
            return sql;
        }
    }

    /** Where nulls go. */
    public enum Nulls implements SqlKeyword {
        UNSAID(""),
        FIRST(" nulls first"),
        LAST(" nulls last");

        private final String sql;

        Nulls(@CompileTimeConstant String sql) {
            this.sql = sql;
        }

        @Override
        public String sql() {
            return sql;
        }
    }

    /** Reads {@code order=}, as in {@code last_sync_time.desc.nullslast,resource}. */
    public static List<OrderTerm> read(String text) {
        return new ParameterScanner("order", text).list(OrderTerm::term, "delimiter (.), \",\" or end of input");
    }

    private static OrderTerm term(ParameterScanner in) {
        FieldPath field = FieldPath.read(in);
        if (in.startsWith("(")) {
            throw PostgrestError.unsupported("order by an embedded table");
        }
        Direction direction = in.take(".asc") ? Direction.ASC : in.take(".desc") ? Direction.DESC : Direction.UNSAID;
        Nulls nulls = in.take(".nullsfirst") ? Nulls.FIRST : in.take(".nullslast") ? Nulls.LAST : Nulls.UNSAID;
        if (in.take(".")) {
            throw in.unexpected(
                    direction == Direction.UNSAID
                            ? "\"asc\", \"desc\", \"nullsfirst\" or \"nullslast\""
                            : "\"nullsfirst\" or \"nullslast\"");
        }
        return new OrderTerm(field, direction, nulls);
    }
}
