package com.vantage.syncstate.postgrest.request;

import java.util.List;
import java.util.Locale;

/** What rows must fulfil. */
public sealed interface Condition {

    /** A field compared with a value. */
    record Comparison(FieldPath field, boolean negated, Operator operator, String value) implements Condition {}

    /** A field that is one of a list. */
    record Membership(FieldPath field, boolean negated, List<String> values) implements Condition {

        public Membership {
            values = List.copyOf(values);
        }
    }

    /** A key of the type text that is one of a list; planned once, however many there are. */
    record AnyKey(FieldPath key, List<String> values) implements Condition {

        public AnyKey {
            values = List.copyOf(values);
        }
    }

    /** A field that is null, true, false or unknown. */
    record Identity(FieldPath field, boolean negated, Truth truth) implements Condition {}

    /**
     * Several conditions as one.
     *
     * @param any whether one of them is enough
     */
    record Junction(boolean negated, boolean any, List<Condition> parts) implements Condition {

        public Junction {
            parts = List.copyOf(parts);
        }
    }

    /** What {@code is} asks for, each with its SQL. */
    public enum Truth implements SqlKeyword {
        NULL,
        TRUE,
        FALSE,
        UNKNOWN;

        @Override
        public String sql() {
            return " is " + name().toLowerCase(Locale.ROOT);
        }
    }
}
