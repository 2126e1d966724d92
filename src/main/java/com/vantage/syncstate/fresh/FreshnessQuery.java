package com.vantage.syncstate.fresh;

import com.vantage.syncstate.alert.DurationText;
import com.vantage.syncstate.alert.Thresholds;
import com.vantage.syncstate.error.InvalidRequest;
import com.vantage.syncstate.http.QueryParameter;
import com.vantage.syncstate.sync.ResourceNames;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What has to be fresh.
 *
 * @param maxAge how long ago the start of the last successful run may be; null for any time
 * @param since when it may have been at the earliest; null for any time. Where neither is given, no alert may say stale.
 * @param idle whether none may be running
 */
record FreshnessQuery(
        List<String> resources,
        @Nullable Duration maxAge,
        @Nullable Instant since,
        boolean idle) {

    private static final Duration MAX_AHEAD = Duration.ofHours(24);

    /** @throws InvalidRequest if a parameter cannot be read, or is out of range */
    static FreshnessQuery of(
            @Nullable String resources, @Nullable String maxAge, @Nullable String since, @Nullable String idle) {
        return new FreshnessQuery(
                ResourceNames.read(resources),
                maxAge == null ? null : maxAge(maxAge),
                since == null ? null : since(since),
                idle != null && idle(idle));
    }

    private static Duration maxAge(String text) {
        return DurationText.read(text)
                .filter(age -> age.compareTo(Duration.ofNanos(1_000)) >= 0 && age.compareTo(Thresholds.MAX) <= 0)
                .orElseThrow(() -> InvalidRequest.parameter(
                        "max_age",
                        "must be positive, at most P" + Thresholds.MAX_DAYS + "D, and " + DurationText.FORMAT));
    }

    private static Instant since(String text) {
        return QueryParameter.time(text)
                .filter(time -> time.isBefore(Instant.now().plus(MAX_AHEAD)))
                .orElseThrow(() -> InvalidRequest.parameter(
                        "since",
                        "must be a time in ISO 8601, not more than a day ahead, for example 2026-11-22T05:30:00Z"));
    }

    private static boolean idle(String text) {
        if (!Set.of("true", "false").contains(text)) {
            throw InvalidRequest.parameter("idle", "must be true or false");
        }
        return text.equals("true");
    }
}
