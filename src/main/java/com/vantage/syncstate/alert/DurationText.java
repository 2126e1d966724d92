package com.vantage.syncstate.alert;

import java.time.Duration;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Reads lengths of time as callers write them: a number and a unit, or an ISO 8601 duration. */
public final class DurationText {

    /** What is accepted, for a message. */
    public static final String FORMAT = "a number with one of the units s, m, h and d, for example 30m or 2d, or an ISO"
            + " 8601 duration in weeks, days, hours, minutes and seconds, for example PT30M or P2D";

    /** No years and months, which are not always as long; and no more digits than any of it can need. */
    private static final Pattern ISO_8601 = Pattern.compile("P(?=.)(?:(\\d{1,9})W)?(?:(\\d{1,9})D)?"
            + "(?:T(?=.)(?:(\\d{1,9})H)?(?:(\\d{1,9})M)?(?:(\\d{1,9}(?:\\.\\d{1,9})?)S)?)?");

    private static final Pattern NUMBER_AND_UNIT = Pattern.compile("(\\d{1,9})([smhd])", Pattern.CASE_INSENSITIVE);

    private DurationText() {}

    /** A number and a unit as ISO 8601, any other text as it is: PostgreSQL has short forms of its own, in which some units are others. */
    static String iso8601(String text) {
        Matcher matcher = NUMBER_AND_UNIT.matcher(text);
        if (!matcher.matches()) {
            return text;
        }
        String unit = matcher.group(2).toUpperCase(Locale.ROOT);
        return (unit.equals("D") ? "P" : "PT") + matcher.group(1) + unit;
    }

    /** The length that a text says; none where it is in neither form. */
    public static Optional<Duration> read(String text) {
        Matcher duration = ISO_8601.matcher(iso8601(text));
        return duration.matches()
                ? Optional.of(part(duration.group(1), "P%sD")
                        .multipliedBy(7)
                        .plus(part(duration.group(2), "P%sD"))
                        .plus(part(duration.group(3), "PT%sH"))
                        .plus(part(duration.group(4), "PT%sM"))
                        .plus(part(duration.group(5), "PT%sS")))
                : Optional.empty();
    }

    private static Duration part(@Nullable String number, String unit) {
        return number == null ? Duration.ZERO : Duration.parse(unit.formatted(number));
    }
}
