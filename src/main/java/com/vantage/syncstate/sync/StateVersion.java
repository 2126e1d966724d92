package com.vantage.syncstate.sync;

import java.time.Instant;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Names one version of a state: another one of the same resource differs in it.
 *
 * @param updatedAt later at every change of the row
 * @param alerts which come and go by the mere passing of time, as the next due times do
 * @param firstDue of the next due times, as the last; between them nothing changes unless the row does. Null where there
 *     is none
 */
public record StateVersion(
        String resource,
        Instant updatedAt,
        String alerts,
        @Nullable Instant firstDue,
        @Nullable Instant lastDue) {

    private static final Pattern DUE_AT = Pattern.compile("\"due_at\":\"([^\"]+)\"");

    /** @param nextDue as the JSON array that PostgreSQL computes, in its order */
    static StateVersion of(String resource, Instant updatedAt, String alerts, String nextDue) {
        Instant first = null;
        Instant last = null;
        for (var due = DUE_AT.matcher(nextDue); due.find(); ) {
            last = Instant.parse(due.group(1));
            first = first == null ? last : first;
        }
        return new StateVersion(resource, updatedAt, alerts, first, last);
    }
}
