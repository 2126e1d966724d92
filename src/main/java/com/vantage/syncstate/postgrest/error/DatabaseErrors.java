package com.vantage.syncstate.postgrest.error;

import com.vantage.syncstate.error.RaisedError;
import com.vantage.syncstate.error.SqlStates;
import java.sql.SQLException;
import java.sql.SQLTransientConnectionException;
import java.util.Set;
import org.springframework.dao.DataAccessException;
import org.springframework.dao.DataAccessResourceFailureException;

/** Gives an error of the database the status and the words that PostgREST gives it. */
public final class DatabaseErrors {

    /** Canceled by the statement or the lock timeout. */
    private static final Set<String> BUSY = Set.of(SqlStates.QUERY_CANCELED, SqlStates.LOCK_NOT_AVAILABLE);

    private DatabaseErrors() {}

    /**
     * The error that PostgREST makes of it.
     *
     * @param read whether the request changes nothing
     */
    public static PostgrestError of(DataAccessException failure, boolean read) {
        if (failure instanceof DataAccessResourceFailureException && failure.getCause() == null) {
            // It waited for those before it, and none of them finished.
            return new PostgrestError(504, "PGRST003", "Timed out acquiring connection from connection pool.");
        }
        boolean connecting = false;
        for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
            RaisedError raised = RaisedError.of(cause);
            if (cause instanceof SQLTransientConnectionException) {
                connecting = true;
            } else if (connecting) {
                return PostgrestError.databaseDown();
            } else if (raised != null) {
                return of(raised, read);
            } else if (cause instanceof SQLException) {
                return PostgrestError.databaseDown();
            }
        }
        return connecting
                ? new PostgrestError(504, "PGRST003", "Timed out acquiring connection from connection pool.")
                : PostgrestError.internal();
    }

    private static PostgrestError of(RaisedError raised, boolean read) {
        String state = raised.code();
        if (read && state.equals(SqlStates.QUERY_CANCELED)) {
            // Not 503: a read that is too slow is as slow when a client repeats it.
            return new PostgrestError(
                    504,
                    state,
                    raised.message(),
                    null,
                    "Filter by an indexed column such as resource, request fewer rows, or replace count=exact with"
                            + " count=planned");
        }
        if (state.equals(SqlStates.DIVISION_BY_ZERO)) {
            return PostgrestError.answerTooLarge();
        }
        int status = SqlStates.httpStatus(state);
        if (status == 503 && !BUSY.contains(state) && !state.startsWith("40")) {
            return PostgrestError.databaseDown();
        }
        return status >= 500
                ? new PostgrestError(status, state, "The database is too busy or failed; call again in a second")
                : new PostgrestError(status, state, raised.message(), raised.detail(), raised.hint());
    }
}
