package com.vantage.syncstate.sync;

import static org.assertj.core.api.Assertions.assertThat;

import com.vantage.syncstate.support.ApiTest;
import com.zaxxer.hikari.HikariDataSource;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.beans.factory.annotation.Qualifier;

/** States are read by a plan that each connection makes once: to plan it anew would take longer than to read them. */
class PlannedOnceTest extends ApiTest {

    /** How often a driver and PostgreSQL try a plan for the values at hand before they settle for one. */
    private static final int TRIED = 10;

    @Autowired
    @Qualifier("reader")
    private HikariDataSource readers;

    @ParameterizedTest
    @ValueSource(
            strings = {"/sync-states/%s", "/rest/v1/vantage_sync_state?resource=eq.%s", "/sync-states?limit=10&sort=%s"
            })
    void whereThereAreAThousandOthers(String address) throws SQLException {
        database.execute("""
                insert into public.vantage_sync_state (resource) select 'other-' || i from generate_series(1, 1000) as i;
                analyze public.vantage_sync_state;
                """);
        readers.getHikariPoolMXBean().softEvictConnections();

        for (int read = 1; read <= 4 * TRIED; read++) {
            assertThat(reader.get(address.formatted(address.contains("sort") ? "resource" : "other-" + read))
                            .status())
                    .isEqualTo(200);
        }

        List<Plans> plans = plans();
        assertThat(plans).anyMatch(made -> made.onceForAll() > 0);
        assertThat(plans).allMatch(made -> made.anew() <= TRIED);
    }

    /** Of all connections of the readers, for statements that read states by their keys. */
    private List<Plans> plans() throws SQLException {
        List<Plans> plans = new ArrayList<>();
        List<Connection> all = new ArrayList<>();
        try {
            while (all.size() < readers.getMaximumPoolSize() - 1) {
                Connection connection = readers.getConnection();
                all.add(connection);
                try (Statement statement = connection.createStatement();
                        ResultSet row = statement.executeQuery("""
                                select generic_plans, custom_plans
                                from pg_catalog.pg_prepared_statements
                                where statement ~ 'vantage_sync_state"? s' and statement like '%= any (%'
                                """)) {
                    while (row.next()) {
                        plans.add(new Plans(row.getLong(1), row.getLong(2)));
                    }
                }
            }
        } finally {
            for (Connection connection : all) {
                connection.close();
            }
        }
        return plans;
    }

    /** Of a prepared statement: how often it was executed by each kind of plan. */
    private record Plans(long onceForAll, long anew) {}
}
