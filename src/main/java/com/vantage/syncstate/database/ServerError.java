package com.vantage.syncstate.database;

import org.jspecify.annotations.Nullable;
import org.postgresql.util.PSQLException;
import org.springframework.dao.DataAccessException;

/** What the server raised. The driver raises errors of its own, by the same codes, and may do so after a commit. */
public final class ServerError {

    private ServerError() {}

    /** The SQLSTATE; null where the error is the driver's. */
    public static @Nullable String stateOf(DataAccessException failure) {
        return failure.getCause() instanceof PSQLException raised && raised.getServerErrorMessage() != null
                ? raised.getSQLState()
                : null;
    }
}
