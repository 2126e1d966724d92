package com.vantage.syncstate.supabase;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.Enumeration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What the header {@code Prefer} asks for.
 *
 * @param counted whether the total is to be counted; an estimate is counted too
 * @param duplicates what an insert does with a row that is there already
 * @param defaults whether what is missing in a body takes the column's default
 */
record Preferences(
        boolean counted, @Nullable Return answer, @Nullable Duplicates duplicates, boolean defaults) {

    private static final Set<String> COUNTS = Set.of("count=exact", "count=planned", "count=estimated");
    private static final Set<String> KNOWN = Set.of(
            "handling=strict", "handling=lenient", "missing=null", "missing=default", "tx=commit", "tx=rollback");

    /** What a write answers with. */
    enum Return {
        REPRESENTATION("return=representation"),
        MINIMAL("return=minimal"),
        HEADERS_ONLY("return=headers-only");

        private final String preference;

        Return(String preference) {
            this.preference = preference;
        }
    }

    /** What an upsert does. */
    enum Duplicates {
        MERGE("resolution=merge-duplicates"),
        IGNORE("resolution=ignore-duplicates");

        private final String preference;

        Duplicates(String preference) {
            this.preference = preference;
        }
    }

    /** @throws Refusal 400 for an unknown one, if it says {@code handling=strict} */
    static Preferences read(Enumeration<String> headers) {
        boolean counted = false;
        Return answer = null;
        Duplicates duplicates = null;
        boolean defaults = false;
        boolean strict = false;
        List<String> unknown = new ArrayList<>();
        for (String header : Collections.list(headers)) {
            for (String item : header.split(",", -1)) {
                String preference = item.strip();
                counted |= COUNTS.contains(preference);
                defaults |= preference.equals("missing=default");
                strict |= preference.equals("handling=strict");
                Optional<Return> asAnswer = find(Return.values(), preference);
                Optional<Duplicates> asDuplicates = find(Duplicates.values(), preference);
                answer = answer == null ? asAnswer.orElse(null) : answer;
                duplicates = duplicates == null ? asDuplicates.orElse(null) : duplicates;
                if (!COUNTS.contains(preference)
                        && !KNOWN.contains(preference)
                        && asAnswer.isEmpty()
                        && asDuplicates.isEmpty()) {
                    unknown.add(preference);
                }
            }
        }
        if (strict && !unknown.isEmpty()) {
            throw new Refusal(
                    400,
                    "PGRST122",
                    "Invalid preferences given with handling=strict",
                    "Invalid preferences: " + String.join(", ", unknown),
                    null);
        }
        return new Preferences(counted, answer, duplicates, defaults);
    }

    boolean wants(Return wanted) {
        return answer == wanted;
    }

    /** The header {@code Preference-Applied}, of those preferences that a method heeds; empty where none was given. */
    String applied(boolean write, boolean insert) {
        List<String> applied = new ArrayList<>();
        if (insert && duplicates != null) {
            applied.add(duplicates.preference);
        }
        if (write && defaults) {
            applied.add("missing=default");
        }
        if (write && answer != null) {
            applied.add(answer.preference);
        }
        if (counted) {
            applied.add("count=exact");
        }
        return String.join(", ", applied);
    }

    private static Optional<Return> find(Return[] all, String preference) {
        return Arrays.stream(all)
                .filter(one -> one.preference.equals(preference))
                .findFirst();
    }

    private static Optional<Duplicates> find(Duplicates[] all, String preference) {
        return Arrays.stream(all)
                .filter(one -> one.preference.equals(preference))
                .findFirst();
    }
}
