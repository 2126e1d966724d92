package com.vantage.syncstate.supabase;

import java.util.List;

/** One term of an answer's order. */
record Ordering(Field field, Direction direction, Nulls nulls) {

    /** Which way a term sorts. */
    enum Direction {
        UNSAID(""),
        ASC(" asc"),
        DESC(" desc");

        private final String sql;

        Direction(String sql) {
            this.sql = sql;
        }

        String sql() {
            return sql;
        }
    }

    /** Where nulls go. */
    enum Nulls {
        UNSAID(""),
        FIRST(" nulls first"),
        LAST(" nulls last");

        private final String sql;

        Nulls(String sql) {
            this.sql = sql;
        }

        String sql() {
            return sql;
        }
    }

    /** Reads {@code order=}, as in {@code last_sync_time.desc.nullslast,resource}. */
    static List<Ordering> read(String text) {
        return new Scanner("order", text).list(Ordering::term, "delimiter (.), \",\" or end of input");
    }

    private static Ordering term(Scanner in) {
        Field field = Field.read(in);
        if (in.startsWith("(")) {
            throw Refusal.unsupported("order by an embedded table");
        }
        Direction direction = in.take(".asc") ? Direction.ASC : in.take(".desc") ? Direction.DESC : Direction.UNSAID;
        Nulls nulls = in.take(".nullsfirst") ? Nulls.FIRST : in.take(".nullslast") ? Nulls.LAST : Nulls.UNSAID;
        if (in.take(".")) {
            throw in.unexpected(
                    direction == Direction.UNSAID
                            ? "\"asc\", \"desc\", \"nullsfirst\" or \"nullslast\""
                            : "\"nullsfirst\" or \"nullslast\"");
        }
        return new Ordering(field, direction, nulls);
    }
}
