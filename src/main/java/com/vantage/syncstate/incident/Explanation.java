package com.vantage.syncstate.incident;

import io.swagger.v3.oas.annotations.media.ArraySchema;
import io.swagger.v3.oas.annotations.media.Schema;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Why a resource is red or green, from the facts that the database has.
 *
 * @param kinds of what is wrong, worst first; empty where nothing is
 * @param since when it became so
 * @param sameAsBefore whether it failed so before; null where no run failed
 * @param elsewhere the resources that failed in the same way at about the same time
 * @param asOf the start of the last success, which its data is as of; null where there is none
 * @param usual what is usual of its latest successes; null where there are fewer than three
 * @param timeline its last steps, oldest first
 * @param blind when nobody watched since the last success, so that a report may be missing
 * @param due when it was due by its schedule and when it will be, oldest first; empty where it has none
 * @param mutedUntil null where it is not muted
 * @param acknowledgedBy empty where nobody gave a name; null where it is not acknowledged
 * @param next what to look at next
 * @param text all of this in words
 */
record Explanation(
        @Schema(example = "funds") String resource,

        @ArraySchema(schema = @Schema(allowableValues = {"failed", "stuck", "stale", "slow"}))
        List<String> kinds,

        Instant since,

        @Schema(
                example =
                        "funds is red since 2026-11-24 05:31:02 UTC: The latest run of funds failed with API_TIMEOUT \"No answer within 30 s\".")
        String sentence,

        @Schema(types = {"string", "null"}) @Nullable String sameAsBefore,

        List<String> elsewhere,

        @Schema(
                types = {"string", "null"},
                format = "date-time")
        @Nullable
        Instant asOf,

        @Schema(implementation = Usual.class, nullable = true) @Nullable
        Usual usual,

        List<Step> timeline,
        List<Blind> blind,
        List<Due> due,

        @Schema(
                types = {"string", "null"},
                format = "date-time")
        @Nullable
        Instant mutedUntil,

        @Schema(types = {"string", "null"}) @Nullable String acknowledgedBy,

        List<Next> next,
        String text) {

    /**
     * What is usual, without the strangest tenth at either end.
     *
     * @param n of how many successes, 20 at most
     */
    @Schema(name = "ExplanationUsual")
    record Usual(int n, Milliseconds duration, Range records) {}

    @Schema(name = "ExplanationDuration")
    record Milliseconds(int fromMs, int toMs) {}

    @Schema(name = "ExplanationRange")
    record Range(int from, int to) {}

    /** A start or an end of a run. */
    @Schema(name = "ExplanationStep")
    record Step(
            Instant at,

            @Schema(allowableValues = {"started", "success", "failed", "abandoned"})
            String what) {}

    /** A time in which nobody watched. */
    @Schema(name = "ExplanationBlind")
    record Blind(Instant from, Instant until) {}

    /**
     * A time at which it is due.
     *
     * @param deadline when it is to be done
     * @param skipped why it is not due after all; null where it is
     */
    @Schema(name = "ExplanationDue")
    record Due(
            Instant dueAt,
            Instant deadline,

            @Schema(allowableValues = {"met", "missed", "skipped", "due now", "to come"})
            String what,

            @Schema(types = {"string", "null"}) @Nullable String skipped) {}

    /** A command to run, with the variables that the README exports. */
    @Schema(name = "ExplanationNext")
    record Next(String why, String command) {}
}
