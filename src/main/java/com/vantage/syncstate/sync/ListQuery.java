package com.vantage.syncstate.sync;

import com.vantage.syncstate.alert.AlertKind;
import com.vantage.syncstate.error.InvalidRequest;
import com.vantage.syncstate.http.QueryParameter;
import java.util.EnumSet;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Which states a list holds, and in what order.
 *
 * @param statuses only these
 * @param alerts only those with one of these; all where it is empty
 * @param sort null for the order of a dashboard
 * @param limit at most so many; null for all
 */
record ListQuery(
        Set<SyncStatus> statuses,
        Set<AlertKind> alerts,
        @Nullable SortKey sort,
        boolean descending,
        @Nullable Integer limit) {

    static final ListQuery DASHBOARD =
            new ListQuery(EnumSet.allOf(SyncStatus.class), EnumSet.noneOf(AlertKind.class), null, false, null);

    /**
     * Reads the parameters of a request.
     *
     * @param status a comma-separated list of statuses
     * @param alert a comma-separated list of kinds of alert
     * @param sort a column, with {@code -} before it for descending
     * @throws InvalidRequest if one of them is unknown
     */
    static ListQuery of(
            @Nullable String status, @Nullable String alert, @Nullable String sort, @Nullable String limit) {
        return new ListQuery(
                status == null ? DASHBOARD.statuses : QueryParameter.list(SyncStatus.class, "status", status),
                alert == null ? DASHBOARD.alerts : QueryParameter.list(AlertKind.class, "alert", alert),
                sort == null ? null : sortKey(sort),
                sort != null && sort.startsWith("-"),
                limit == null ? null : QueryParameter.limit(limit, Integer.MAX_VALUE));
    }

    private static SortKey sortKey(String name) {
        return QueryParameter.find(SortKey.class, name.startsWith("-") ? name.substring(1) : name)
                .orElseThrow(() -> InvalidRequest.parameter(
                        "sort",
                        "must be one of " + QueryParameter.names(SortKey.class)
                                + ", with '-' before it for descending"));
    }
}
