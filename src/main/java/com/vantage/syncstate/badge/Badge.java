package com.vantage.syncstate.badge;

import com.fasterxml.jackson.annotation.JsonProperty;
import com.vantage.syncstate.alert.AlertKind;
import com.vantage.syncstate.http.ETagBuilder;
import io.swagger.v3.oas.annotations.media.Schema;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * What a badge says, in the endpoint schema of shields.io.
 *
 * @param schemaVersion 1
 * @param label the resource
 */
record Badge(
        @JsonProperty("schemaVersion") @Schema(name = "schemaVersion", example = "1")
        int schemaVersion,

        @Schema(example = "accounts") String label,
        @Schema(example = "synced 5 min ago") String message,
        @Schema(example = "green") BadgeColor color) {

    private static final Duration AN_HOUR = Duration.ofHours(1);
    private static final Duration TWO_DAYS = Duration.ofDays(2);

    /** The badge of a resource: its worst alert decides, and where there is none, its status. */
    static Badge of(String resource, Facts facts) {
        return new Badge(1, resource, message(facts), BadgeColor.of(facts.status(), facts.alert()));
    }

    private static String message(Facts facts) {
        if (facts.status().equals("never_run")) {
            return "never run";
        }
        if (facts.alert() != null) {
            return switch (facts.alert()) {
                case FAILED -> "failed";
                case STUCK -> "stuck" + length(" ", facts.sinceAlert());
                case STALE -> "stale" + staleSince(facts.sinceSuccess());
                case SLOW -> "slow" + length(", took ", facts.duration());
            };
        }
        return facts.status().equals("running") ? "running" : "synced " + ago(facts.sinceSuccess());
    }

    String tag() {
        return new ETagBuilder().add(label).add(message).add(color.toString()).value();
    }

    private static String staleSince(@Nullable Duration success) {
        if (success == null) {
            return ", never synced";
        }
        return isInFuture(success) ? "" : ", synced " + ago(success);
    }

    private static String ago(@Nullable Duration time) {
        return time == null || time.toMinutes() < 1 ? "just now" : inWords(time) + " ago";
    }

    private static String length(String before, @Nullable Duration time) {
        return time == null || isInFuture(time) ? "" : before + inWords(time);
    }

    /** As after the clock of the database was wrong; the alert has already said what counts. */
    private static boolean isInFuture(Duration since) {
        return since.isNegative();
    }

    private static String inWords(Duration time) {
        if (time.toMinutes() < 1) {
            return time.toSeconds() + " s";
        }
        if (time.compareTo(AN_HOUR) < 0) {
            return time.toMinutes() + " min";
        }
        return time.compareTo(TWO_DAYS) < 0 ? time.toHours() + " h" : time.toDays() + " days";
    }

    /**
     * What a badge is made from.
     *
     * @param sinceSuccess how long ago it last synced; null where it never has
     * @param duration of the latest run; null while it runs
     * @param alert the worst one; null where there is none
     * @param sinceAlert how long ago that began; of a stuck run the age of its last sign of life
     */
    record Facts(
            String status,
            @Nullable Duration sinceSuccess,
            @Nullable Duration duration,
            @Nullable AlertKind alert,
            @Nullable Duration sinceAlert) {}
}
