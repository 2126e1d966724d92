package com.vantage.syncstate.postgrest.request;

import com.vantage.syncstate.postgrest.error.PostgrestError;
import java.util.List;
import java.util.Locale;

/** One term of an answer's order. */
public record OrderTerm(FieldPath field, Direction direction, Nulls nulls) {

    /** Which way a term sorts. */
    public enum Direction implements SqlKeyword {
        UNSAID,
        ASC,
        DESC;

        @Override
        public String sql() {
            return this == UNSAID ? "" : " " + name().toLowerCase(Locale.ROOT);
        }
    }

    /** Where nulls go. */
    public enum Nulls implements SqlKeyword {
        UNSAID,
        FIRST,
        LAST;

        @Override
        public String sql() {
            return this == UNSAID ? "" : " nulls " + name().toLowerCase(Locale.ROOT);
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
