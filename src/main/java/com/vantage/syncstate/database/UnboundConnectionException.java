package com.vantage.syncstate.database;

import java.sql.SQLNonTransientConnectionException;

/** A connection that is not in the role or does not have the settings of its pool, and so must not be used. */
final class UnboundConnectionException extends SQLNonTransientConnectionException {

    /** PostgreSQL's {@code sqlserver_rejected_establishment_of_sqlconnection}. */
    private static final String REJECTED = "08004";

    /** @param message one sentence on what is wrong and one on what to do */
    UnboundConnectionException(String message) {
        super(message, REJECTED);
    }
}
