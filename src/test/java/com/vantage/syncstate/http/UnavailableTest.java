package com.vantage.syncstate.http;

import static org.assertj.core.api.Assertions.assertThat;

import com.vantage.syncstate.support.ApiClient.Response;
import com.vantage.syncstate.support.ApiTest;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What a caller is advised to do while the database does not answer. */
class UnavailableTest extends ApiTest {

    private static final String RUN = "{\"run_id\": \"0b9ff6a3-5f0e-4b7c-9f60-2a3a5a0c9d11\"}";

    @Test
    void letsAReaderTryAgain() throws SQLException {
        Response refused = whileLocked(() -> reader.get("/sync-states/accounts"));

        assertThat(detail(refused)).endsWith("Try again after Retry-After.").doesNotContain("read the state");
    }

    @Test
    void letsWhoeverSetsThresholdsTryAgain() throws SQLException {
        Response refused = whileLocked(() -> service.put("/sync-states/accounts", "{\"slow_after\": \"PT1H\"}"));

        assertThat(detail(refused)).endsWith("Try again after Retry-After.").doesNotContain("read the state");
    }

    @Test
    void letsACallThatNamesItsRunBeRepeated() throws SQLException {
        Response refused = whileLocked(() -> service.post("/sync-states/accounts/start", RUN));

        assertThat(detail(refused)).contains("same run_id", "applied once").doesNotContain("read the state");
    }

    @ParameterizedTest
    @ValueSource(strings = {"start", "progress", "complete", "fail"})
    void sendsACallThatNamesNoRunToTheState(String call) throws SQLException {
        Response refused = whileLocked(() -> service.post("/sync-states/accounts/" + call));

        assertThat(detail(refused)).contains("read the state before you repeat it");
    }

    /** Nobody gets at the states meanwhile. */
    private Response whileLocked(Supplier<Response> call) throws SQLException {
        try (Connection connection = database.connect();
                var statement = connection.createStatement()) {
            connection.setAutoCommit(false);
            statement.execute("lock table public.vantage_sync_state in access exclusive mode");
            return call.get();
        }
    }

    private static String detail(Response refused) {
        assertThat(refused.problem()).isEqualTo("database-unavailable");
        assertThat(refused.header("Retry-After")).isPresent();
        return refused.text("detail");
    }
}
