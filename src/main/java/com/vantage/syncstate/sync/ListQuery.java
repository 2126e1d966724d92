package com.vantage.syncstate.sync;

import com.vantage.syncstate.alert.AlertKind;
import com.vantage.syncstate.error.InvalidRequest;
import com.vantage.syncstate.http.LimitParameter;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.Set;
import java.util.stream.Collectors;
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
     * @param status statuses parted by commas
     * @param alert kinds of alert parted by commas
     * @param sort a column, with {@code -} before it for descending
     * @throws InvalidRequest if one of them names nothing
     */
    static ListQuery of(
            @Nullable String status, @Nullable String alert, @Nullable String sort, @Nullable String limit) {
        return new ListQuery(
                status == null ? DASHBOARD.statuses : statuses(status),
                alert == null ? DASHBOARD.alerts : alerts(alert),
                sort == null ? null : sortKey(sort),
                sort != null && sort.startsWith("-"),
                limit == null ? null : LimitParameter.of(limit, Integer.MAX_VALUE));
    }

    private static Set<SyncStatus> statuses(String names) {
        return Arrays.stream(names.split(",", -1))
                .map(name -> SyncStatus.of(name)
                        .orElseThrow(() -> InvalidRequest.parameter(
                                "status", "takes never_run, running, success and failed, parted by commas")))
                .collect(Collectors.toCollection(() -> EnumSet.noneOf(SyncStatus.class)));
    }

    private static Set<AlertKind> alerts(String names) {
        return Arrays.stream(names.split(",", -1))
                .map(name -> AlertKind.of(name)
                        .orElseThrow(() -> InvalidRequest.parameter(
                                "alert", "takes failed, stuck, stale and slow, parted by commas")))
                .collect(Collectors.toCollection(() -> EnumSet.noneOf(AlertKind.class)));
    }

    private static SortKey sortKey(String name) {
        return SortKey.of(name.startsWith("-") ? name.substring(1) : name)
                .orElseThrow(() -> InvalidRequest.parameter(
                        "sort", "takes one of " + SortKey.names() + ", with '-' before it for descending"));
    }
}
