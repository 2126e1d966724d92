package com.vantage.syncstate.database;

import com.vantage.syncstate.error.RaisedError;
import java.sql.SQLException;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.postgresql.util.PSQLException;
import org.springframework.dao.DataAccessException;
import org.springframework.jdbc.UncategorizedSQLException;

/** What the server raised. The driver raises errors of its own, by the same codes, and may do so after a commit. */
public final class ServerError {

    private static final PostgresExceptionTranslator TRANSLATOR = new PostgresExceptionTranslator();

    private ServerError() {}

    /** What a statement that raised the error would have failed with. */
    public static DataAccessException asFailure(RaisedError error) {
        SQLException cause = error.asException();
        return Objects.requireNonNullElseGet(
                TRANSLATOR.translate("batch", null, cause), () -> new UncategorizedSQLException("batch", null, cause));
    }

    /** The SQLSTATE; null where the error is the driver's. */
    public static @Nullable String stateOf(DataAccessException failure) {
        return failure.getCause() instanceof PSQLException raised && raised.getServerErrorMessage() != null
                ? raised.getSQLState()
                : null;
    }
}
