package com.vantage.syncstate.database;

import java.sql.SQLException;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.springframework.dao.DataAccessException;
import org.springframework.jdbc.UncategorizedSQLException;

/** An error that a statement returned in a row, for one of the calls that it made, instead of raising it. */
public record ReturnedError(
        String code,
        String message,
        @Nullable String detail,
        @Nullable String hint,
        @Nullable String constraint) {

    private static final PostgresExceptionTranslator TRANSLATOR = new PostgresExceptionTranslator();

    /** The exception that the statement would have ended with, had it raised the error. */
    public DataAccessException asRaised() {
        var cause = new SQLException(message, code);
        if (code.startsWith("PT4")) {
            return PostgresExceptionTranslator.rejection(this, cause);
        }
        return Objects.requireNonNullElseGet(
                TRANSLATOR.translate("batch", null, cause), () -> new UncategorizedSQLException("batch", null, cause));
    }
}
