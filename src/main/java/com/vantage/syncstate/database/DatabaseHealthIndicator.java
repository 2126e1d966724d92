package com.vantage.syncstate.database;

import com.zaxxer.hikari.HikariDataSource;
import java.sql.Connection;
import java.sql.SQLException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.boot.health.contributor.AbstractHealthIndicator;
import org.springframework.boot.health.contributor.Health;
import org.springframework.core.NestedExceptionUtils;
import org.springframework.stereotype.Component;

/** Up when both pools answer, in the role and with the settings that each is bound to. */
@Component("database")
class DatabaseHealthIndicator extends AbstractHealthIndicator {

    private static final Logger log = LoggerFactory.getLogger(DatabaseHealthIndicator.class);

    private final HikariDataSource reader;
    private final ConnectionBinding readerBinding;
    private final HikariDataSource service;
    private final ConnectionBinding serviceBinding;

    DatabaseHealthIndicator(
            @Qualifier("reader") HikariDataSource reader,
            @Qualifier("reader") ConnectionBinding readerBinding,
            @Qualifier("service") HikariDataSource service,
            @Qualifier("service") ConnectionBinding serviceBinding) {
        super("The pools could not be checked");
        this.reader = reader;
        this.readerBinding = readerBinding;
        this.service = service;
        this.serviceBinding = serviceBinding;
    }

    @Override
    protected void doHealthCheck(Health.Builder builder) {
        try {
            prove(reader, readerBinding);
            prove(service, serviceBinding);
        } catch (SQLException e) {
            // A probe comes every few seconds: a line each, and no stack trace.
            log.warn(
                    "Readiness is down: {}",
                    NestedExceptionUtils.getMostSpecificCause(e).getMessage());
            builder.down();
            return;
        }
        builder.up().withDetail("reader", readerBinding.role()).withDetail("service", serviceBinding.role());
    }

    private static void prove(HikariDataSource pool, ConnectionBinding binding) throws SQLException {
        try (Connection connection = pool.getConnection()) {
            try {
                binding.prove(connection);
            } catch (UnboundConnectionException e) {
                pool.evictConnection(connection);
                throw e;
            }
        }
    }
}
