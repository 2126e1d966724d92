package com.vantage.syncstate.error;

import java.sql.SQLException;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.postgresql.util.PSQLException;
import org.postgresql.util.ServerErrorMessage;

/** An error of the server: raised by a statement, or returned by it in a row, for one of the calls that it made. */
public record RaisedError(
        String code,
        String message,
        @Nullable String detail,
        @Nullable String hint,
        @Nullable String constraint) {

    /** Null where the cause is the driver's. */
    public static @Nullable RaisedError of(Throwable cause) {
        if (cause instanceof Returned returned) {
            return returned.error;
        }
        ServerErrorMessage raised = cause instanceof PSQLException failed ? failed.getServerErrorMessage() : null;
        return raised == null
                ? null
                : new RaisedError(
                        Objects.requireNonNullElse(raised.getSQLState(), "XX000"),
                        Objects.requireNonNullElse(raised.getMessage(), ""),
                        raised.getDetail(),
                        raised.getHint(),
                        raised.getConstraint());
    }

    /** What the statement would have ended with, had it raised the error. */
    public SQLException asException() {
        return new Returned(this);
    }

    private static final class Returned extends SQLException {

        private final transient RaisedError error;

        Returned(RaisedError error) {
            super(error.message, error.code);
            this.error = error;
        }

        @Override
        public synchronized Throwable fillInStackTrace() {
            return this;
        }
    }
}
