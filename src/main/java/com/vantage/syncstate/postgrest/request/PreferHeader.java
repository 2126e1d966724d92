package com.vantage.syncstate.postgrest.request;

import com.vantage.syncstate.postgrest.error.PostgrestError;
import java.util.Arrays;
import java.util.Collections;
import java.util.Enumeration;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * What the header {@code Prefer} says; of several preferences for one thing the first counts.
 *
 * @param count where the total comes from; null where none is wanted
 * @param duplicates what an insert does with a row that is there already
 * @param defaults whether what is missing in a body takes the column's default
 */
public record PreferHeader(
        @Nullable Count count,
        @Nullable Return answer,
        @Nullable Duplicates duplicates,
        boolean defaults) {

    private static final Set<String> WITHOUT_EFFECT =
            Set.of("handling=strict", "handling=lenient", "missing=null", "tx=commit", "tx=rollback");

    private static final String DEFAULTS = "missing=default";

    private static final Set<String> KNOWN = Stream.of(
                    WITHOUT_EFFECT.stream(),
                    Stream.of(DEFAULTS),
                    Arrays.stream(Count.values()),
                    Arrays.stream(Return.values()),
                    Arrays.stream(Duplicates.values()))
            .flatMap(preferences -> preferences.map(Object::toString))
            .collect(Collectors.toUnmodifiableSet());

    /** Where the total of rows comes from: the table, the planner, or the planner for more rows than a page can have. */
    public enum Count {
        EXACT,
        PLANNED,
        ESTIMATED;

        @Override
        public String toString() {
            return preference("count", this);
        }
    }

    /** What a write answers with. */
    public enum Return {
        REPRESENTATION,
        MINIMAL,
        HEADERS_ONLY;

        @Override
        public String toString() {
            return preference("return", this);
        }
    }

    /** What an upsert does. */
    public enum Duplicates {
        MERGE_DUPLICATES,
        IGNORE_DUPLICATES;

        @Override
        public String toString() {
            return preference("resolution", this);
        }
    }

    /**
     * Reads the header, all of its lines.
     *
     * @throws PostgrestError 400 for an unknown one, if it says {@code handling=strict}
     */
    public static PreferHeader read(Enumeration<String> headers) {
        List<String> given = Collections.list(headers).stream()
                .flatMap(header -> Arrays.stream(header.split(",", -1)))
                .map(String::strip)
                .toList();
        List<String> unknown =
                given.stream().filter(preference -> !KNOWN.contains(preference)).toList();
        if (given.contains("handling=strict") && !unknown.isEmpty()) {
            throw new PostgrestError(
                    400,
                    "PGRST122",
                    "Invalid preferences given with handling=strict",
                    "Invalid preferences: " + String.join(", ", unknown),
                    null);
        }
        return new PreferHeader(
                first(given, Count.values()),
                first(given, Return.values()),
                first(given, Duplicates.values()),
                given.contains(DEFAULTS));
    }

    public boolean wants(Return wanted) {
        return answer == wanted;
    }

    /** Whether rows are counted one by one; of those that a request writes or a function returns there is no estimate. */
    public boolean counted() {
        return count == Count.EXACT || count == Count.ESTIMATED;
    }

    /** The header {@code Preference-Applied}, of those preferences that a method heeds; empty where none was given. */
    public String applied(boolean write, boolean insert) {
        return Stream.of(insert ? duplicates : null, write && defaults ? DEFAULTS : null, write ? answer : null, count)
                .filter(Objects::nonNull)
                .map(Object::toString)
                .collect(Collectors.joining(", "));
    }

    private static String preference(String name, Enum<?> value) {
        return name + "=" + value.name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    private static <P> @Nullable P first(List<String> given, P[] all) {
        return given.stream()
                .flatMap(preference ->
                        Arrays.stream(all).filter(one -> one.toString().equals(preference)))
                .findFirst()
                .orElse(null);
    }
}
