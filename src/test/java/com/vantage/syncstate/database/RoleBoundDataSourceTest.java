package com.vantage.syncstate.database;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import com.vantage.syncstate.support.Migrations;
import com.vantage.syncstate.support.Ports;
import com.vantage.syncstate.support.TestDatabase;
import com.vantage.syncstate.support.TestDatabase.Address;
import java.io.IOException;
import java.sql.SQLException;
import java.util.Properties;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** How connections are opened while there is no database. */
class RoleBoundDataSourceTest {

    private RoleBoundDataSource connections;

    @BeforeEach
    void leadNowhere() throws IOException {
        var properties = new Properties();
        properties.setProperty("user", "nobody");
        connections = new RoleBoundDataSource(
                "jdbc:postgresql://127.0.0.1:" + Ports.free() + "/none",
                properties,
                ConnectionBinding.reader("nobody"),
                new ServerSessions());
    }

    @Test
    void throwsTheFirstFailure() {
        assertThatThrownBy(connections::getConnection)
                .isInstanceOf(SQLException.class)
                .hasMessageContaining("refused");
    }

    @Test
    void goesOnTryingAfterTheFirstFailureUntilThePoolIsClosed() {
        assertThatThrownBy(connections::getConnection).isInstanceOf(SQLException.class);
        var failure = new CompletableFuture<SQLException>();
        var pool = new Thread(() -> {
            try {
                connections.getConnection().close();
            } catch (SQLException e) {
                failure.complete(e);
            }
        });

        pool.start();
        await().until(() -> pool.getState() == Thread.State.TIMED_WAITING);
        pool.interrupt();

        assertThat((Throwable) failure.join()).hasMessageContaining("refused");
    }

    @Test
    void findsThePrimaryOfSeveralServersForReadersToo() throws SQLException {
        Address database = TestDatabase.create();
        Migrations.applyAll(database);
        var properties = new Properties();
        properties.setProperty("user", database.username());
        properties.setProperty("password", database.password());
        String url = database.url();
        var readers = new RoleBoundDataSource(
                url + (url.contains("?") ? "&" : "?") + "targetServerType=primary",
                properties,
                ConnectionBinding.reader(database.username()),
                new ServerSessions());

        try (var connection = readers.getConnection();
                var statement = connection.createStatement();
                var rows = statement.executeQuery(
                        "select current_user || ', ' || current_setting('transaction_read_only')")) {
            rows.next();
            assertThat(rows.getString(1)).isEqualTo("authenticated, on");
        }
    }
}
