package com.vantage.syncstate.postgrest.request;

import com.vantage.syncstate.postgrest.error.PostgrestError;
import java.util.ArrayList;
import java.util.List;

/** A column and a path into its JSON, as a request names them: {@code errors->0->>message}. */
public record FieldPath(String column, List<Step> path) {

    private static final int MAX_PATH_STEPS = 20;

    public FieldPath {
        path = List.copyOf(path);
    }

    static FieldPath read(ParameterScanner in) {
        return new FieldPath(in.name(), path(in));
    }

    /** The steps that follow a column's name, if any do. */
    static List<Step> path(ParameterScanner in) {
        List<Step> path = new ArrayList<>();
        while (in.startsWith("->")) {
            boolean asText = in.take("->>") || !in.take("->");
            path.add(step(in, asText));
        }
        if (path.size() > MAX_PATH_STEPS) {
            throw PostgrestError.unsupported("a JSON path of more than " + MAX_PATH_STEPS + " steps");
        }
        return path;
    }

    /** The key that the value has in an answer, where no alias is given: the last name on the way to it. */
    String label() {
        for (int at = path.size() - 1; at >= 0; at--) {
            if (!path.get(at).isIndex()) {
                return path.get(at).key();
            }
        }
        return column;
    }

    private static Step step(ParameterScanner in, boolean asText) {
        int mark = in.mark();
        String sign = in.take("-") ? "-" : "";
        String digits = in.upTo("->:.,) \t");
        boolean index = !digits.isEmpty() && digits.chars().allMatch(digit -> digit >= '0' && digit <= '9');
        if (index) {
            return new Step(sign + digits, true, asText);
        }
        in.back(mark);
        return new Step(in.name(), false, asText);
    }

    /**
     * One step into JSON.
     *
     * @param key a key, or the digits of an index
     * @param asText whether the step ends in text ({@code ->>}) and not in JSON
     */
    public record Step(String key, boolean isIndex, boolean asText) {}
}
