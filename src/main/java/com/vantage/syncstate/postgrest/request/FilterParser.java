package com.vantage.syncstate.postgrest.request;

import com.vantage.syncstate.http.QueryParameter;
import com.vantage.syncstate.postgrest.error.PostgrestError;
import com.vantage.syncstate.postgrest.request.Condition.Comparison;
import com.vantage.syncstate.postgrest.request.Condition.Identity;
import com.vantage.syncstate.postgrest.request.Condition.Junction;
import com.vantage.syncstate.postgrest.request.Condition.Membership;
import com.vantage.syncstate.postgrest.request.Condition.Truth;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Reads conditions: {@code resource=eq.accounts}, {@code or=(duration_ms.gt.1,and(…))}. */
final class FilterParser {

    private static final int MAX_DEPTH = 25;

    /** What PostgREST has beside the operators here: full-text search, arrays and ranges, regular expressions. */
    private static final Set<String> UNSUPPORTED =
            Set.of("fts plfts phfts wfts cs cd ov sl sr nxr nxl adj match imatch isdistinct".split(" "));

    private static final String OPERATOR = "operator (eq, gt, ...)";

    private FilterParser() {}

    /** A filter on one field: the key names it, the value is an operator and its operand. */
    static Condition read(String key, String value) {
        var path = new ParameterScanner("tree path", key);
        String name = path.name();
        if (path.take(".")) {
            throw new PostgrestError(
                    400,
                    "PGRST108",
                    "'" + name + "' is not an embedded resource in this request",
                    null,
                    "Verify that '" + name + "' is included in the 'select' query parameter.");
        }
        var field = new FieldPath(name, FieldPath.path(path));
        if (!path.ended()) {
            throw path.unexpected("delimiter (.), \"->>\", \"->\" or end of input");
        }
        var in = new ParameterScanner("filter", value);
        Condition condition = operation(in, field, false);
        if (!in.ended()) {
            throw in.unexpected("end of input");
        }
        return condition;
    }

    /** {@code or=(…)}, {@code and=(…)}, {@code not.or=(…)}, {@code not.and=(…)}. */
    static Condition readLogic(boolean negated, String operator, String value) {
        var in = new ParameterScanner("logic tree", value, operator.length() + (negated ? "not.".length() : 0));
        Condition condition = junction(in, negated, operator.equals("or"), 1);
        if (!in.ended()) {
            throw in.unexpected("end of input");
        }
        return condition;
    }

    private static Condition junction(ParameterScanner in, boolean negated, boolean any, int depth) {
        if (depth > MAX_DEPTH) {
            throw PostgrestError.unsupported("conditions nested more than " + MAX_DEPTH + " deep");
        }
        List<Condition> parts = in.parenthesized(part -> part(part, depth));
        return new Junction(negated, any, parts);
    }

    private static Condition part(ParameterScanner in, int depth) {
        in.skipSpace();
        Condition condition = condition(in, depth);
        in.skipSpace();
        return condition;
    }

    private static Condition condition(ParameterScanner in, int depth) {
        int mark = in.mark();
        boolean negated = in.take("not.");
        boolean any = in.take("or");
        if (any || in.take("and")) {
            in.skipSpace();
            if (in.startsWith("(")) {
                return junction(in, negated, any, depth + 1);
            }
        }
        in.back(mark);
        FieldPath field = FieldPath.read(in);
        if (!in.take(".")) {
            throw in.unexpected("\"->>\", \"->\" or delimiter (.)");
        }
        return operation(in, field, true);
    }

    /** @param nested whether the operand ends at a comma or a parenthesis */
    private static Condition operation(ParameterScanner in, FieldPath field, boolean nested) {
        boolean negated = in.take("not.");
        int mark = in.mark();
        String name = in.upTo(".(");
        if (UNSUPPORTED.contains(name)) {
            throw PostgrestError.unsupported("the operator " + name);
        }
        Optional<Operator> operator = QueryParameter.find(Operator.class, name);
        if (in.startsWith("(") && operator.isPresent()) {
            throw PostgrestError.unsupported("the modifiers (any) and (all) of operators");
        }
        boolean known = name.equals("in") || name.equals("is") || operator.isPresent();
        if (!known || !in.take(".")) {
            in.back(mark);
            throw in.unexpected(negated ? OPERATOR : "\"not\" or " + OPERATOR);
        }
        return switch (name) {
            case "in" -> new Membership(field, negated, list(in));
            case "is" -> new Identity(field, negated, truth(in, nested));
            default -> new Comparison(field, negated, operator.orElseThrow(), nested ? operand(in) : in.upTo(""));
        };
    }

    private static String operand(ParameterScanner in) {
        String quoted = quoted(in, true);
        if (quoted != null) {
            return quoted;
        }
        int mark = in.mark();
        if (in.take("{")) {
            String inside = in.upTo("{}");
            if (in.take("}")) {
                return "{" + inside + "}";
            }
            in.back(mark);
        }
        return in.upTo(",)");
    }

    private static List<String> list(ParameterScanner in) {
        List<String> values = in.parenthesized(FilterParser::operandOfList);
        return values.equals(List.of("")) ? List.of() : values;
    }

    private static String operandOfList(ParameterScanner in) {
        String quoted = quoted(in, false);
        return quoted != null ? quoted : in.upTo(",)");
    }

    /** A quoted operand up to its end; null where it goes on after the quotes, and so was not quoted. */
    private static @Nullable String quoted(ParameterScanner in, boolean mayEnd) {
        int mark = in.mark();
        if (in.startsWith("\"")) {
            String quoted = in.quoted();
            if (in.startsWith(",") || in.startsWith(")") || (mayEnd && in.ended())) {
                return quoted;
            }
            in.back(mark);
        }
        return null;
    }

    private static Truth truth(ParameterScanner in, boolean nested) {
        int mark = in.mark();
        String word = in.upTo(nested ? ",)" : "").toLowerCase(Locale.ROOT);
        return QueryParameter.find(Truth.class, word).orElseThrow(() -> {
            in.back(mark);
            return in.unexpected("null or trilean value (unknown, true, false)");
        });
    }
}
