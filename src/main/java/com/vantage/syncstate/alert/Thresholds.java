package com.vantage.syncstate.alert;

import com.vantage.syncstate.error.InvalidRequest;
import com.vantage.syncstate.error.RequestRejected.FieldError;
import io.swagger.v3.oas.annotations.media.Schema;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * When alerts are raised for a resource, as a number and a unit or as ISO 8601 durations: null resets one to the default,
 * one left out stays.
 *
 * @param stuckAfter without a sign of life
 * @param staleAfter without a success
 * @param slowAfter in one run
 * @param failAfter a number: so many runs in a row must fail before an incident opens
 */
@Schema(name = "ThresholdsRequest")
public record Thresholds(
        @Schema(
                types = {"string", "null"},
                example = "PT1H")
        @Nullable
        JsonNode stuckAfter,

        @Schema(
                types = {"string", "null"},
                example = "P2D")
        @Nullable
        JsonNode staleAfter,

        @Schema(
                types = {"string", "null"},
                example = "PT10M")
        @Nullable
        JsonNode slowAfter,

        @Schema(
                types = {"integer", "null"},
                minimum = "1",
                maximum = "100",
                example = "3")
        @Nullable
        JsonNode failAfter) {

    static final int MAX_DAYS = 3650;
    static final int MAX_RUNS = 100;

    public static final Thresholds NONE = new Thresholds(null, null, null, null);

    static final Duration MAX = Duration.ofDays(MAX_DAYS);

    /** No years and months, which are not always as long; and no more digits than any of it can need. */
    private static final Pattern ISO_8601 = Pattern.compile("P(?=.)(?:(\\d{1,9})W)?(?:(\\d{1,9})D)?"
            + "(?:T(?=.)(?:(\\d{1,9})H)?(?:(\\d{1,9})M)?(?:(\\d{1,9}(?:\\.\\d{1,9})?)S)?)?");

    private static final Pattern NUMBER_AND_UNIT = Pattern.compile("(\\d{1,9})([smhd])", Pattern.CASE_INSENSITIVE);

    private static final String EXPECTED = "must be null, a number with one of the units s, m, h and d, for example 30m"
            + " or 2d, or an ISO 8601 duration in weeks, days, hours, minutes and seconds, for example PT30M or P2D";

    /**
     * Those that are provided, each as the text that PostgreSQL reads, or null for the default, by its column.
     *
     * @throws InvalidRequest if one is no duration, not positive, or longer than 3650 days; or if the number of runs is none
     *     from 1 to 100
     */
    public Map<String, @Nullable String> byColumn() {
        var provided = new LinkedHashMap<String, JsonNode>();
        provide(provided, "stuck_after", stuckAfter);
        provide(provided, "stale_after", staleAfter);
        provide(provided, "slow_after", slowAfter);
        List<FieldError> errors = new ArrayList<>();
        provided.forEach((column, value) -> {
            String error = value.isNull() ? null : value.isString() ? error(iso8601(value)) : EXPECTED;
            if (error != null) {
                errors.add(new FieldError("#/" + column, error));
            }
        });
        if (failAfter != null && !failAfter.isNull() && !isRunCount(failAfter)) {
            errors.add(new FieldError("#/fail_after", "must be null or a whole number from 1 to " + MAX_RUNS));
        }
        if (!errors.isEmpty()) {
            throw new InvalidRequest(
                    errors.stream()
                                    .map(error -> error.pointer() + " " + error.detail())
                                    .collect(Collectors.joining("; "))
                            + ".",
                    errors);
        }
        var texts = new LinkedHashMap<String, @Nullable String>();
        provided.forEach((column, value) -> texts.put(column, value.isNull() ? null : iso8601(value)));
        if (failAfter != null) {
            texts.put("fail_after", failAfter.isNull() ? null : failAfter.asString());
        }
        return texts;
    }

    private static boolean isRunCount(JsonNode value) {
        return value.isIntegralNumber()
                && value.canConvertToInt()
                && value.intValue() >= 1
                && value.intValue() <= MAX_RUNS;
    }

    private static void provide(Map<String, JsonNode> provided, String column, @Nullable JsonNode value) {
        if (value != null) {
            provided.put(column, value);
        }
    }

    /** PostgreSQL has short forms of its own, in which some units are others. */
    private static String iso8601(JsonNode value) {
        Matcher matcher = NUMBER_AND_UNIT.matcher(value.stringValue());
        if (!matcher.matches()) {
            return value.stringValue();
        }
        String unit = matcher.group(2).toUpperCase(Locale.ROOT);
        return (unit.equals("D") ? "P" : "PT") + matcher.group(1) + unit;
    }

    private static @Nullable String error(String text) {
        Matcher duration = ISO_8601.matcher(text);
        if (!duration.matches()) {
            return text.startsWith("-P") ? "must be positive" : EXPECTED;
        }
        Duration length = part(duration.group(1), "P%sD")
                .multipliedBy(7)
                .plus(part(duration.group(2), "P%sD"))
                .plus(part(duration.group(3), "PT%sH"))
                .plus(part(duration.group(4), "PT%sM"))
                .plus(part(duration.group(5), "PT%sS"));
        if (length.compareTo(Duration.ofNanos(1_000)) < 0) {
            return "must be positive, a microsecond at least";
        }
        return length.compareTo(MAX) > 0 ? "must be at most P" + MAX_DAYS + "D" : null;
    }

    private static Duration part(@Nullable String number, String unit) {
        return number == null ? Duration.ZERO : Duration.parse(unit.formatted(number));
    }
}
