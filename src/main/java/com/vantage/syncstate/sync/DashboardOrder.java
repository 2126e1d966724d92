package com.vantage.syncstate.sync;

/** The order of a list unless another is requested: what needs attention first, then by name. */
final class DashboardOrder {

    static final String SQL =
            "array_position(array['failed', 'running', 'never_run', 'success'], last_sync_status), s.resource collate \"C\"";

    private DashboardOrder() {}
}
