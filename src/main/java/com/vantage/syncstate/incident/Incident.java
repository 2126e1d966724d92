package com.vantage.syncstate.incident;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonRawValue;
import com.fasterxml.jackson.annotation.JsonValue;
import io.swagger.v3.oas.annotations.media.ArraySchema;
import io.swagger.v3.oas.annotations.media.Schema;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * A resource in which something is or was wrong, from the first alert to the last.
 *
 * @param closedAt null while it is open
 * @param kinds of its alerts, worst first; of one that is closed, the last that it had
 * @param acknowledged null where nobody takes care of it
 * @param events what happened in it, oldest first, as the JSON array that PostgreSQL makes
 * @param closeReason null while it is open
 * @param reopened how many times it was opened again, each within ten minutes of its closing
 * @param flapping whether it comes and goes so often that nothing of it is sent at present
 * @param eventsTotal how many events there are, where this has not all of them
 * @param eventsTruncated true, where this has not all of them
 */
public record Incident(
        UUID incidentId,
        @Schema(example = "funds") String resource,
        Instant openedAt,

        @Schema(
                types = {"string", "null"},
                format = "date-time")
        @Nullable
        Instant closedAt,

        Severity severity,

        @ArraySchema(schema = @Schema(allowableValues = {"failed", "stuck", "stale", "slow", "undelivered"}))
        List<String> kinds,

        @Schema(implementation = Acknowledgement.class, nullable = true) @Nullable
        Acknowledgement acknowledged,

        @JsonRawValue @Schema(implementation = Event[].class)
        String events,

        @Schema(
                types = {"string", "null"},
                allowableValues = {"recovered", "cleared", "deleted"})
        @Nullable
        String closeReason,

        int reopened,
        boolean flapping,

        @JsonInclude(JsonInclude.Include.NON_NULL)
        @Schema(description = "How many events there are, where a page or the stream has not all of them")
        @Nullable
        Integer eventsTotal,

        @JsonInclude(JsonInclude.Include.NON_NULL)
        @Schema(description = "True where the oldest events were left out; GET the incident for all of them")
        @Nullable
        Boolean eventsTruncated) {

    /** How bad it is. */
    public enum Severity {
        ERROR,
        WARNING;

        /** As in the database and in JSON, {@code error}. */
        @JsonValue
        public String value() {
            return name().toLowerCase(Locale.ROOT);
        }

        public static Severity of(String value) {
            return valueOf(value.toUpperCase(Locale.ROOT));
        }
    }

    /**
     * Somebody takes care of it, until it gets worse or is closed.
     *
     * @param by who, in their own words
     */
    @Schema(name = "IncidentAcknowledgement")
    record Acknowledgement(
            Instant at,

            @Schema(
                    types = {"string", "null"},
                    example = "Ada")
            @Nullable
            String by,

            @Schema(
                    types = {"string", "null"},
                    example = "The source is down until noon")
            @Nullable
            String note) {}

    /**
     * Describes what is in {@code events}.
     *
     * @param seq its place in the incident
     * @param severity of the incident at that moment, as its kinds
     * @param detail what was so, in plain sentences
     */
    @Schema(name = "IncidentEvent")
    record Event(
            UUID eventId,
            int seq,

            @Schema(allowableValues = {"opened", "changed", "reminder", "acknowledged", "closed", "flapping"})
            String type,

            Instant at,
            Severity severity,

            @ArraySchema(schema = @Schema(allowableValues = {"failed", "stuck", "stale", "slow", "undelivered"}))
            List<String> kinds,

            @Schema(example = "The latest run of funds failed with API_TIMEOUT \"No answer within 30 s\".")
            String detail) {}
}
