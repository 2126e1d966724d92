package com.vantage.syncstate.postgrest.sql;

import com.vantage.syncstate.error.SqlStates;
import com.vantage.syncstate.postgrest.error.PostgrestError;
import com.vantage.syncstate.postgrest.plan.Relation;
import com.vantage.syncstate.security.Role;
import java.sql.SQLException;
import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.dao.DataAccessResourceFailureException;
import org.springframework.jdbc.core.RowCallbackHandler;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.security.core.Authentication;
import org.springframework.stereotype.Repository;

/** Runs statements in the role of their caller: as {@code service_role} for a service, else as {@code authenticated}. */
@Repository
class StatementRunner {

    private final JdbcClient reader;
    private final JdbcClient service;

    StatementRunner(@Qualifier("reader") JdbcClient reader, @Qualifier("service") JdbcClient service) {
        this.reader = reader;
        this.service = service;
    }

    /** Reads, as {@code authenticated} whoever calls. */
    void read(SqlBuilder statement, RowCallbackHandler rows) {
        run(reader, statement, rows);
    }

    /** Calls a function; its grants decide who may. */
    void call(Authentication caller, SqlBuilder statement, RowCallbackHandler rows) {
        run(Role.SERVICE.isHeldBy(caller) ? service : reader, statement, rows);
    }

    /**
     * Changes a table. A reader's change runs as {@code authenticated}, for the database to deny it: its connections are
     * read-only, which PostgreSQL finds before it looks at the grants, so that is reported as the missing grant.
     */
    void change(Authentication caller, Relation relation, SqlBuilder statement, RowCallbackHandler rows) {
        if (Role.SERVICE.isHeldBy(caller)) {
            run(service, statement, rows);
            return;
        }
        try {
            run(reader, statement, rows);
        } catch (DataAccessResourceFailureException e) {
            if (e.getMostSpecificCause() instanceof SQLException cause
                    && SqlStates.READ_ONLY_TRANSACTION.equals(cause.getSQLState())) {
                throw PostgrestError.permissionDenied("table " + relation.name(), null);
            }
            throw e;
        }
    }

    private static void run(JdbcClient role, SqlBuilder statement, RowCallbackHandler rows) {
        role.sql(statement.text()).params(statement.bound()).query(rows);
    }
}
