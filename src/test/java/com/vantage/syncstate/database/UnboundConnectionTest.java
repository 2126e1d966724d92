package com.vantage.syncstate.database;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import com.vantage.syncstate.support.Migrations;
import com.vantage.syncstate.support.PgBouncer;
import com.vantage.syncstate.support.RewritingProxy;
import com.vantage.syncstate.support.ServiceInstance;
import com.vantage.syncstate.support.TestDatabase;
import com.vantage.syncstate.support.TestDatabase.Address;
import com.zaxxer.hikari.HikariDataSource;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.jdbc.core.simple.JdbcClient;

/** A connection that is not in its role, or that will not stay in it, is used for nothing. */
@ExtendWith(OutputCaptureExtension.class)
class UnboundConnectionTest {

    private final Address database = TestDatabase.create();

    @Test
    void failsTheStartOfALoginThatIsNoMemberOfTheRole(CapturedOutput output) {
        String login = createLogin();

        assertFailsToStart(
                output,
                "The login " + login + " of the reader pool is not a member of authenticated",
                "--vantage.datasource.reader.username=" + login,
                "--vantage.datasource.reader.password=stranger");

        assertThat(output).contains("Run: grant authenticated to \"" + login + "\"");
    }

    @Test
    @Tag("pgbouncer")
    void failsTheStartBehindAPoolerThatTakesTheSettingsAway(CapturedOutput output) throws Exception {
        try (PgBouncer pooler =
                        PgBouncer.before(database, "pool_mode = session", "ignore_startup_parameters = options");
                var relay = new RewritingProxy(pooler.address(), ", false)", ", true )")) {
            assertFailsToStart(
                    output,
                    "A connection of the reader pool does not have its settings",
                    "--vantage.datasource.reader.url=" + relay.address().url());
        }

        assertThat(output)
                .contains("current_user is '" + database.username() + "' instead of 'authenticated'")
                .contains("statement_timeout is '0' instead of '2200ms'")
                .contains("transaction_read_only is 'off' instead of 'on'");
    }

    @ParameterizedTest
    @Tag("pgbouncer")
    @ValueSource(strings = {"reader", "service"})
    void failsTheStartBehindAPoolerThatGivesOneSessionToManyConnections(String pool, CapturedOutput output)
            throws Exception {
        try (PgBouncer pooler =
                PgBouncer.before(database, "pool_mode = transaction", "ignore_startup_parameters = options")) {
            assertFailsToStart(
                    output,
                    "The pooler of the " + pool + " pool gives one database session",
                    "--vantage.datasource." + pool + ".url=" + pooler.address().url());
        }

        assertThat(output).contains("(PgBouncer: pool_mode = session;");
    }

    @Test
    void refusesALoginWhoseRoleIsRevokedUntilItIsGrantedAgain(CapturedOutput output) {
        String login = createLogin();
        try (ServiceInstance service = startWithRoleOf(login)) {
            assertThat(readiness(service)).isEqualTo(200);

            database.superuser().execute("revoke authenticated from " + login);
            // As their age does in time.
            pool(service, "reader").getHikariPoolMXBean().softEvictConnections();

            assertUnavailable(service, "reader");
            assertThat(errors(output))
                    .singleElement()
                    .asString()
                    .contains("Run: grant authenticated to \"" + login + "\"")
                    .contains("Until then requests get 503 and readiness is down");

            database.superuser().execute("grant authenticated to " + login);

            await().atMost(Duration.ofSeconds(15))
                    .untilAsserted(() -> assertThat(readiness(service)).isEqualTo(200));
            assertThat(service.api().get("/sync-states").status()).isEqualTo(200);
        }
    }

    @Test
    void saysWhereTheRoleComesFromThatIsNotThere() throws SQLException {
        var binding = new ConnectionBinding("reader", "login", "nobody_here", Map.of("role", "nobody_here"));

        try (var connection = database.connect()) {
            assertThatThrownBy(() -> binding.apply(connection))
                    .isInstanceOf(UnboundConnectionException.class)
                    .hasMessageContaining("Apply the migrations");
        }
    }

    @Test
    void closesAConnectionThatLostItsRoleInUse() {
        try (ServiceInstance service =
                ServiceInstance.on(database, "--vantage.datasource.service.maximum-pool-size=1")) {
            JdbcClient serving = service.context().getBean("serviceJdbc", JdbcClient.class);
            assertThat(readiness(service)).isEqualTo(200);

            serving.sql("set role none").update();

            assertThat(readiness(service)).isEqualTo(503);
            await().atMost(Duration.ofSeconds(10))
                    .untilAsserted(() -> assertThat(readiness(service)).isEqualTo(200));
            assertThat(serving.sql("select current_user").query().singleValue()).isEqualTo("service_role");
        }
    }

    private String createLogin() {
        String login = "stranger_of_" + database.name();
        database.superuser().execute("create role " + login + " login password 'stranger'");
        return login;
    }

    /** The role is there once the database is migrated. */
    private ServiceInstance startWithRoleOf(String login) {
        Migrations.applyAll(database);
        database.superuser().execute("grant authenticated to " + login);
        return ServiceInstance.on(
                database,
                "--vantage.datasource.reader.username=" + login,
                "--vantage.datasource.reader.password=stranger");
    }

    private void assertFailsToStart(CapturedOutput output, String message, String... settings) {
        assertThatThrownBy(() -> ServiceInstance.on(database, settings).close()).isInstanceOf(RuntimeException.class);

        assertThat(output).contains("APPLICATION FAILED TO START").contains(message);
    }

    private static void assertUnavailable(ServiceInstance service, String pool) {
        HikariDataSource connections = pool(service, pool);

        for (int attempt = 0; attempt < 3; attempt++) {
            assertThatThrownBy(() -> connections.getConnection().close()).isInstanceOf(SQLException.class);
        }
        assertThat(service.api().get("/sync-states").problem()).isEqualTo("database-unavailable");
        assertThat(readiness(service)).isEqualTo(503);
        assertThat(service.api().get("/actuator/health/liveness").status()).isEqualTo(200);
    }

    private static HikariDataSource pool(ServiceInstance service, String name) {
        return service.context().getBean(name + "DataSource", HikariDataSource.class);
    }

    /** What is logged once, not with each attempt. */
    private static List<String> errors(CapturedOutput output) {
        return output.toString()
                .lines()
                .filter(line -> line.contains(" ERROR ") && line.contains("RoleBoundDataSource"))
                .toList();
    }

    private static int readiness(ServiceInstance service) {
        return service.api().get("/actuator/health/readiness").status();
    }
}
