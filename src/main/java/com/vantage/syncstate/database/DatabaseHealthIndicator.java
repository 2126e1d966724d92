package com.vantage.syncstate.database;

import com.zaxxer.hikari.HikariDataSource;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.boot.health.contributor.AbstractHealthIndicator;
import org.springframework.boot.health.contributor.Health;
import org.springframework.core.NestedExceptionUtils;
import org.springframework.stereotype.Component;

/** Up when both pools answer, in the role and with the settings that each is bound to. */
@Component("database")
class DatabaseHealthIndicator extends AbstractHealthIndicator {

    private static final Logger log = LoggerFactory.getLogger(DatabaseHealthIndicator.class);

    private final List<HikariDataSource> pools;

    DatabaseHealthIndicator(List<HikariDataSource> pools) {
        super("The pools could not be checked");
        this.pools = pools;
    }

    @Override
    protected void doHealthCheck(Health.Builder builder) {
        try {
            for (HikariDataSource pool : pools) {
                builder.withDetail(pool.getPoolName(), prove(pool));
            }
            builder.up();
        } catch (SQLException e) {
            // A probe comes every few seconds: a line each, and no stack trace.
            log.warn(
                    "Readiness is down: {}",
                    NestedExceptionUtils.getMostSpecificCause(e).getMessage());
            builder.down();
        }
    }

    /** Returns the role that its connections run as. */
    private static String prove(HikariDataSource pool) throws SQLException {
        ConnectionBinding binding = ((RoleBoundDataSource) pool.getDataSource()).binding();
        try (Connection connection = pool.getConnection()) {
            try {
                binding.prove(connection);
                return binding.role();
            } catch (UnboundConnectionException e) {
                pool.evictConnection(connection);
                throw e;
            }
        }
    }
}
