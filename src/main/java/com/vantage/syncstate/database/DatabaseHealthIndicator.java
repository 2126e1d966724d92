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

/**
 * Up when both pools answer, in the role and with the settings that each is bound to. Anybody may ask, so those who ask at
 * one time share a look.
 */
@Component(DatabaseHealthIndicator.NAME)
class DatabaseHealthIndicator extends AbstractHealthIndicator {

    static final String NAME = "database";

    private static final Logger log = LoggerFactory.getLogger(DatabaseHealthIndicator.class);

    private final List<HikariDataSource> pools;
    private final ReadCoalescer<String, Health> looks = new ReadCoalescer<>();

    DatabaseHealthIndicator(List<HikariDataSource> pools) {
        super("The pools could not be checked");
        this.pools = pools;
    }

    @Override
    protected void doHealthCheck(Health.Builder builder) {
        Health seen = looks.read(NAME, this::look);
        builder.status(seen.getStatus()).withDetails(seen.getDetails());
    }

    private Health look() {
        var builder = new Health.Builder();
        try {
            for (HikariDataSource pool : pools) {
                builder.withDetail(pool.getPoolName(), prove(pool));
            }
            return builder.up().build();
        } catch (SQLException e) {
            // A probe comes every few seconds: a line each, and no stack trace.
            log.warn(
                    "Readiness is down: {}",
                    NestedExceptionUtils.getMostSpecificCause(e).getMessage());
            return builder.down().build();
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
