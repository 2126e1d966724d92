package com.vantage.syncstate.alert;

import com.vantage.syncstate.error.InvalidRequest;
import com.vantage.syncstate.error.RequestRejected.FieldError;
import io.swagger.v3.oas.annotations.media.Schema;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
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
 * @param expect when a success is expected, in place of staleAfter; the database says what is wrong with it
 */
@Schema(name = "ThresholdsRequest")
public record Thresholds(
        @Schema(
                implementation = String.class,
                types = {"string", "null"},
                pattern = DURATION,
                example = "PT1H")
        @Nullable
        JsonNode stuckAfter,

        @Schema(
                implementation = String.class,
                types = {"string", "null"},
                pattern = DURATION,
                example = "P2D")
        @Nullable
        JsonNode staleAfter,

        @Schema(
                implementation = String.class,
                types = {"string", "null"},
                pattern = DURATION,
                example = "PT10M")
        @Nullable
        JsonNode slowAfter,

        @Schema(
                implementation = Integer.class,
                types = {"integer", "null"},
                minimum = "1",
                maximum = "100",
                example = "3")
        @Nullable
        JsonNode failAfter,

        @Schema(implementation = Expectation.class, nullable = true) @Nullable
        JsonNode expect) {

    static final int MAX_RUNS = 100;

    /** Both forms, for the OpenAPI document. */
    static final String DURATION = "^(\\d{1,9}[smhdSMHD]|P[0-9WDTHMS.]+)$";

    public static final int MAX_DAYS = 3650;

    public static final Thresholds NONE = new Thresholds(null, null, null, null, null);

    public static final Duration MAX = Duration.ofDays(MAX_DAYS);

    private static final String EXPECTED = "must be null, " + DurationText.FORMAT;

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

    private static String iso8601(JsonNode value) {
        return DurationText.iso8601(value.stringValue());
    }

    private static @Nullable String error(String text) {
        Optional<Duration> length = DurationText.read(text);
        if (length.isEmpty()) {
            return text.startsWith("-P") ? "must be positive" : EXPECTED;
        }
        if (length.get().compareTo(Duration.ofNanos(1_000)) < 0) {
            return "must be positive, a microsecond at least";
        }
        return length.get().compareTo(MAX) > 0 ? "must be at most P" + MAX_DAYS + "D" : null;
    }
}
