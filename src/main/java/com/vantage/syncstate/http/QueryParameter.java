package com.vantage.syncstate.http;

import com.vantage.syncstate.error.InvalidRequest;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/** Reads query parameters: the values of an enum, in lower case as the database and JSON name them, times and {@code limit}. */
public final class QueryParameter {

    private QueryParameter() {}

    /** The value of a name; none for a name that is unknown. */
    public static <E extends Enum<E>> Optional<E> find(Class<E> type, String name) {
        return Arrays.stream(type.getEnumConstants())
                .filter(value -> nameOf(value).equals(name))
                .findFirst();
    }

    /**
     * The values of a comma-separated list.
     *
     * @throws InvalidRequest if one of its names is unknown
     */
    public static <E extends Enum<E>> Set<E> list(Class<E> type, String parameter, String text) {
        return Arrays.stream(text.split(",", -1))
                .map(name -> find(type, name)
                        .orElseThrow(() -> InvalidRequest.parameter(
                                parameter, "must be a comma-separated list of " + names(type))))
                .collect(Collectors.toCollection(() -> EnumSet.noneOf(type)));
    }

    /** All names, for a message. */
    public static <E extends Enum<E>> String names(Class<E> type) {
        return Arrays.stream(type.getEnumConstants())
                .map(QueryParameter::nameOf)
                .collect(Collectors.joining(", "));
    }

    /**
     * The parameter {@code limit}.
     *
     * @param max the largest that is accepted
     * @throws InvalidRequest if it is not a whole number from 1 to that
     */
    public static int limit(String number, int max) {
        try {
            int limit = Integer.parseInt(number);
            if (limit >= 1 && limit <= max) {
                return limit;
            }
        } catch (NumberFormatException e) {
            // Rejected below, like a number that is out of range.
        }
        throw InvalidRequest.parameter("limit", "must be a whole number from 1 to " + max);
    }

    /** A time in ISO 8601 with an offset, of a year that has four digits; none for what is no such time. */
    public static Optional<Instant> time(String text) {
        try {
            // A plus that is not percent-encoded arrives as a space.
            OffsetDateTime time = OffsetDateTime.parse(text.replace(' ', '+'));
            return time.getYear() >= 1 && time.getYear() <= 9999 ? Optional.of(time.toInstant()) : Optional.empty();
        } catch (DateTimeException e) {
            return Optional.empty();
        }
    }

    private static String nameOf(Enum<?> value) {
        return value.name().toLowerCase(Locale.ROOT);
    }
}
