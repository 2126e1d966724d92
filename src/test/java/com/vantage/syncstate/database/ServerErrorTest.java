package com.vantage.syncstate.database;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.postgresql.util.PSQLException;
import org.postgresql.util.PSQLState;
import org.postgresql.util.ServerErrorMessage;
import org.springframework.dao.DataAccessException;
import org.springframework.jdbc.BadSqlGrammarException;

/** A call is made again only where the server has said that it did not happen. */
class ServerErrorTest {

    @Test
    void namesWhatTheServerRaised() {
        assertThat(ServerError.stateOf(failure(
                        new PSQLException(new ServerErrorMessage("SERROR\0C42703\0Mcolumn \"x\" does not exist\0")))))
                .isEqualTo("42703");
    }

    @Test
    void namesNothingThatTheDriverRaisedByTheSameCode() {
        assertThat(ServerError.stateOf(
                        failure(new PSQLException("The column name x was not found.", PSQLState.UNDEFINED_COLUMN))))
                .isNull();
    }

    private static DataAccessException failure(PSQLException cause) {
        return new BadSqlGrammarException("batch", "select", cause);
    }
}
