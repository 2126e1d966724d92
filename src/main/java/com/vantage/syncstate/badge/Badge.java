package com.vantage.syncstate.badge;

import com.fasterxml.jackson.annotation.JsonProperty;
import com.vantage.syncstate.http.ETagBuilder;
import io.swagger.v3.oas.annotations.media.Schema;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * What a badge says, in the endpoint schema of shields.io.
 *
 * @param schemaVersion 1
 * @param label the resource
 * @param color {@code green}, {@code red}, {@code yellow} or {@code grey}
 */
record Badge(
        @JsonProperty("schemaVersion") @Schema(name = "schemaVersion", example = "1")
        int schemaVersion,

        @Schema(example = "accounts") String label,
        @Schema(example = "synced 5 min ago") String message,
        @Schema(example = "green") String color) {

    private static final Duration AN_HOUR = Duration.ofHours(1);
    private static final Duration TWO_DAYS = Duration.ofDays(2);

    /**
     * The badge of a resource.
     *
     * @param sinceSuccess how long ago it last synced; null where it never has
     */
    static Badge of(String resource, String status, @Nullable Duration sinceSuccess) {
        return switch (status) {
            case "failed" -> new Badge(1, resource, "failed", "red");
            case "running" -> new Badge(1, resource, "running", "yellow");
            case "success" ->
                new Badge(1, resource, "synced " + ago(sinceSuccess == null ? Duration.ZERO : sinceSuccess), "green");
            default -> new Badge(1, resource, "never run", "grey");
        };
    }

    String tag() {
        return new ETagBuilder().add(label).add(message).add(color).value();
    }

    private static String ago(Duration time) {
        if (time.toMinutes() < 1) {
            return "just now";
        }
        if (time.compareTo(AN_HOUR) < 0) {
            return time.toMinutes() + " min ago";
        }
        return time.compareTo(TWO_DAYS) < 0 ? time.toHours() + " h ago" : time.toDays() + " days ago";
    }
}
