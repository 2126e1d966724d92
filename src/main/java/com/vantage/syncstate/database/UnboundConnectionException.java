package com.vantage.syncstate.database;

import com.vantage.syncstate.error.SqlStates;
import java.sql.SQLNonTransientConnectionException;

/** A connection that is not in the role or does not have the settings of its pool, and so must not be used. */
final class UnboundConnectionException extends SQLNonTransientConnectionException {

    /** @param message one sentence on what is wrong and one on what to do */
    UnboundConnectionException(String message) {
        super(message, SqlStates.CONNECTION_REJECTED);
    }
}
