package com.vantage.syncstate.database;

import org.flywaydb.core.api.callback.BaseCallback;
import org.flywaydb.core.api.callback.Context;
import org.flywaydb.core.api.callback.Event;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.jdbc.datasource.SingleConnectionDataSource;
import org.springframework.stereotype.Component;

/**
 * Closes Flyway's own table to all but its owner: where default privileges give every new table to every role, as
 * on Supabase, the history of the schema would be writable from the outside.
 */
@Component
class FlywayHistoryTableGuard extends BaseCallback {

    @Override
    public boolean supports(Event event, Context context) {
        return event == Event.AFTER_MIGRATE;
    }

    @Override
    public void handle(Event event, Context context) {
        var jdbc = new JdbcTemplate(new SingleConnectionDataSource(context.getConnection(), true));
        jdbc.execute("alter table public.flyway_schema_history enable row level security");
        jdbc.execute("revoke all on table public.flyway_schema_history from public, " + DatabaseRole.ANON + ", "
                + DatabaseRole.AUTHENTICATED + ", " + DatabaseRole.SERVICE_ROLE);
    }
}
