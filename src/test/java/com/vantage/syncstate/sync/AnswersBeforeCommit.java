package com.vantage.syncstate.sync;

import com.vantage.syncstate.database.WriteCoalescer.Outcome;
import io.micrometer.core.instrument.MeterRegistry;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import javax.sql.DataSource;
import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Primary;
import org.springframework.dao.DataAccessResourceFailureException;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.datasource.SingleConnectionDataSource;

/** A fault for the drill to find, {@code -Dplanted=}: batches are answered first and committed then. */
class AnswersBeforeCommit {

    @Bean
    @Primary
    static LifecycleBatch batchAnsweredFirst(
            @Qualifier("service") DataSource pool, @Qualifier("service") JdbcClient service, MeterRegistry meters) {
        return new LifecycleBatch(service, meters) {
            @Override
            List<Outcome<Object>> apply(List<LifecycleCall<?>> calls) {
                Connection connection = connect(pool);
                var here = JdbcClient.create(new SingleConnectionDataSource(connection, true));
                List<Outcome<Object>> outcomes = new LifecycleBatch(here, meters).apply(calls);
                CompletableFuture.delayedExecutor(20, TimeUnit.MILLISECONDS).execute(() -> commit(connection));
                return outcomes;
            }
        };
    }

    private static Connection connect(DataSource pool) {
        try {
            Connection connection = pool.getConnection();
            connection.setAutoCommit(false);
            return connection;
        } catch (SQLException e) {
            throw new DataAccessResourceFailureException("No connection", e);
        }
    }

    private static void commit(Connection connection) {
        try (connection) {
            connection.commit();
        } catch (SQLException e) {
            // What was answered is lost: that is the fault.
        }
    }
}
