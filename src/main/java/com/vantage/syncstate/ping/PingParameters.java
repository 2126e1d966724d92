package com.vantage.syncstate.ping;

import com.vantage.syncstate.error.InvalidRequest;
import jakarta.servlet.http.HttpServletRequest;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.UUID;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * What the query of a ping says; parameters that are unknown are ignored, as the protocol has it.
 *
 * @param runId the parameter {@code rid}
 * @param create whether to register a resource that is unknown
 */
record PingParameters(
        @Nullable UUID runId,
        boolean create,
        @Nullable Integer recordsSynced,
        @Nullable Integer recordsCreated,
        @Nullable Integer recordsUpdated,
        @Nullable Instant watermark,
        @Nullable Integer records,
        @Nullable Integer total) {

    private static final Pattern UUID_TEXT =
            Pattern.compile("\\p{XDigit}{8}-\\p{XDigit}{4}-\\p{XDigit}{4}-\\p{XDigit}{4}-\\p{XDigit}{12}");

    /** @throws InvalidRequest if a value is none of its kind */
    static PingParameters of(HttpServletRequest request) {
        return new PingParameters(
                runId(request.getParameter("rid")),
                "1".equals(request.getParameter("create")),
                count(request, "records_synced"),
                count(request, "records_created"),
                count(request, "records_updated"),
                time(request.getParameter("watermark")),
                count(request, "records"),
                count(request, "total"));
    }

    private static @Nullable UUID runId(@Nullable String text) {
        if (text == null) {
            return null;
        }
        if (!UUID_TEXT.matcher(text).matches()) {
            throw new InvalidRequest("invalid uuid format", List.of());
        }
        return UUID.fromString(text);
    }

    private static @Nullable Integer count(HttpServletRequest request, String name) {
        String text = request.getParameter(name);
        if (text == null || text.isEmpty()) {
            return null;
        }
        try {
            int count = Integer.parseInt(text);
            if (count >= 0) {
                return count;
            }
        } catch (NumberFormatException e) {
            // Rejected below, like a negative one.
        }
        throw InvalidRequest.parameter(name, "must be a whole number from 0 to " + Integer.MAX_VALUE);
    }

    private static @Nullable Instant time(@Nullable String text) {
        if (text == null || text.isEmpty()) {
            return null;
        }
        try {
            // A plus that is not percent-encoded arrives as a space.
            OffsetDateTime time = OffsetDateTime.parse(text.replace(' ', '+'));
            if (time.getYear() >= 1 && time.getYear() <= 9999) {
                return time.toInstant().truncatedTo(ChronoUnit.MICROS);
            }
        } catch (DateTimeException e) {
            // Rejected below, like one that is out of range.
        }
        throw InvalidRequest.parameter("watermark", "must be a time in ISO 8601, for example 2026-11-22T05:30:00Z");
    }
}
