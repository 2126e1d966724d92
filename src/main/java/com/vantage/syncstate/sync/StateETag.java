package com.vantage.syncstate.sync;

import com.vantage.syncstate.http.ETagBuilder;
import java.util.List;

/**
 * The ETag of states: (resource, updated_at) names one version of a row, and created_at of which row. Alerts and due times
 * come and go by the mere passing of time.
 */
final class StateETag {

    private StateETag() {}

    static String of(List<SyncState> states) {
        var tag = new ETagBuilder();
        states.forEach(state -> add(state, tag));
        return tag.value();
    }

    /** Of one state with its thresholds, whose defaults change without it. */
    static String of(SyncStateDetails details) {
        var tag = new ETagBuilder();
        add(details.state(), tag);
        return tag.add(details.thresholds().toString()).value();
    }

    private static void add(SyncState state, ETagBuilder tag) {
        tag.add(state.resource())
                .add(state.createdAt())
                .add(state.updatedAt())
                .add(state.alerts())
                .add(state.nextDue());
    }
}
