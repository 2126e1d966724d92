package com.vantage.syncstate.sync;

import com.vantage.syncstate.error.InvalidRequest;
import java.util.List;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Reads the query parameter {@code resources}. */
public final class ResourceNames {

    public static final int MAX = 1_000;

    private static final Pattern NAME = Pattern.compile(ResourceName.PATTERN);

    private ResourceNames() {}

    /**
     * The names of a comma-separated list, each once.
     *
     * @throws InvalidRequest if there is none, one that no resource can have, or too many
     */
    public static List<String> read(@Nullable String text) {
        List<String> names = text == null ? List.of() : List.of(text.split(",", -1));
        if (names.isEmpty()
                || names.size() > MAX
                || !names.stream().allMatch(name -> NAME.matcher(name).matches())) {
            throw InvalidRequest.parameter(
                    "resources",
                    "must be a comma-separated list of 1 to " + MAX + " resources, for example accounts,funds");
        }
        return names.stream().distinct().toList();
    }
}
