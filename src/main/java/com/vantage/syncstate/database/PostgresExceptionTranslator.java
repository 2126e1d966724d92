package com.vantage.syncstate.database;

import com.vantage.syncstate.error.ProblemType;
import com.vantage.syncstate.error.RaisedError;
import com.vantage.syncstate.error.RequestRejected;
import com.vantage.syncstate.error.SqlStates;
import java.sql.SQLException;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.springframework.dao.DataAccessException;
import org.springframework.dao.DataAccessResourceFailureException;
import org.springframework.dao.PermissionDeniedDataAccessException;
import org.springframework.jdbc.support.SQLExceptionTranslator;
import org.springframework.jdbc.support.SQLStateSQLExceptionTranslator;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.PropertyNamingStrategies;
import tools.jackson.databind.json.JsonMapper;

/** Turns what PostgreSQL raises into rejected requests, missing permissions and an unavailable database. */
final class PostgresExceptionTranslator implements SQLExceptionTranslator {

    /** Of the detail of what is raised, as the functions write it. */
    private static final JsonMapper DETAILS = JsonMapper.builder()
            .propertyNamingStrategy(PropertyNamingStrategies.SNAKE_CASE)
            .disable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
            .build();

    private final SQLExceptionTranslator others = new SQLStateSQLExceptionTranslator();

    @Override
    public @Nullable DataAccessException translate(String task, @Nullable String sql, SQLException cause) {
        String state = Objects.requireNonNullElse(cause.getSQLState(), SqlStates.CONNECTION_EXCEPTION);
        RaisedError raised = state.startsWith("PT4") ? RaisedError.of(cause) : null;
        if (raised != null) {
            return rejection(raised, cause);
        }
        int status = SqlStates.httpStatus(state);
        if (status == 403) {
            return new PermissionDeniedDataAccessException(task, cause);
        }
        if (status == 503) {
            return new DataAccessResourceFailureException(task, cause);
        }
        if (SqlStates.isDataException(state) || state.equals(SqlStates.CHECK_VIOLATION)) {
            return new RequestRejected(
                    ProblemType.INVALID_REQUEST,
                    "The database does not accept one of the values. Check the request against /v3/api-docs.",
                    RequestRejected.Details.NONE,
                    cause);
        }
        return others.translate(task, sql, cause);
    }

    /** What a function refuses, by a code that begins with PT4. */
    private static RequestRejected rejection(RaisedError error, SQLException cause) {
        return new RequestRejected(
                ProblemType.ofSlug(error.constraint()).orElse(ProblemType.INVALID_REQUEST),
                error.message() + ". " + error.hint() + ".",
                DETAILS.readValue(Objects.requireNonNullElse(error.detail(), "{}"), RequestRejected.Details.class),
                cause);
    }
}
