package com.vantage.syncstate.sync;

import com.vantage.syncstate.http.ETagBuilder;
import java.util.List;

/**
 * The ETag of states: (resource, updated_at) names one version of a row, and created_at of which row. Alerts come and
 * go by the mere passing of time.
 */
final class StateETag {

    private StateETag() {}

    static String of(List<SyncState> states) {
        var tag = new ETagBuilder();
        for (SyncState state : states) {
            tag.add(state.resource())
                    .add(state.createdAt())
                    .add(state.updatedAt())
                    .add(state.alerts());
        }
        return tag.value();
    }
}
