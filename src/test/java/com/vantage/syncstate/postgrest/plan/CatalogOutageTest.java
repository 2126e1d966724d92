package com.vantage.syncstate.postgrest.plan;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import com.vantage.syncstate.support.Migrations;
import com.vantage.syncstate.support.TestDatabase.Address;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.SQLTransientConnectionException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.springframework.dao.DataAccessResourceFailureException;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.datasource.AbstractDataSource;

/** What there is to read is known, or not, while the database is away; no request waits for another to find that out. */
class CatalogOutageTest {

    private final Connections connections = new Connections();

    @Test
    void goesOnWithWhatIsKnown() {
        var catalog = new Catalog(JdbcClient.create(connections), Duration.ZERO);
        assertThat(catalog.relation("vantage_sync_state")).isPresent();

        connections.away = true;
        connections.answer.countDown();

        assertThat(catalog.relation("vantage_sync_state")).isPresent();
    }

    @Test
    void readsAgainOnceTheDatabaseIsBack() {
        var catalog = new Catalog(JdbcClient.create(connections), Duration.ZERO);
        catalog.relation("vantage_sync_state");
        connections.away = true;
        connections.answer.countDown();
        catalog.relation("vantage_sync_state");

        connections.away = false;
        int before = connections.opened.get();

        await().until(() -> catalog.relation("vantage_sync_state").isPresent() && connections.opened.get() > before);
    }

    @Test
    void asksOnceForAllWhoWait() {
        var catalog = new Catalog(JdbcClient.create(connections), Duration.ofMinutes(1));
        connections.away = true;
        List<Thread> callers = new ArrayList<>();
        var refused = new AtomicInteger();
        for (int i = 0; i < 20; i++) {
            var caller = new Thread(() -> {
                assertThatThrownBy(() -> catalog.relation("vantage_sync_state"))
                        .isInstanceOf(DataAccessResourceFailureException.class);
                refused.incrementAndGet();
            });
            callers.add(caller);
            caller.start();
        }
        await().until(() -> callers.stream()
                .allMatch(caller ->
                        caller.getState() == Thread.State.WAITING || caller.getState() == Thread.State.TIMED_WAITING));

        connections.answer.countDown();

        await().until(() -> refused.get() == 20);
        assertThat(connections.opened.get()).isLessThanOrEqualTo(2);
    }

    /** Of a migrated database; while it is away, a connection is waited for and refused. */
    private static final class Connections extends AbstractDataSource {

        private static final Address DATABASE = Migrations.all();

        private final AtomicInteger opened = new AtomicInteger();
        private final CountDownLatch answer = new CountDownLatch(1);
        private volatile boolean away;

        @Override
        public Connection getConnection() throws SQLException {
            opened.incrementAndGet();
            if (!away) {
                return DATABASE.connect();
            }
            try {
                answer.await();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
            throw new SQLTransientConnectionException("away");
        }

        @Override
        public Connection getConnection(String username, String password) throws SQLException {
            return getConnection();
        }
    }
}
