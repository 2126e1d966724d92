package com.vantage.syncstate.database;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

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
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.jdbc.core.simple.JdbcClient;

/** A connection that is not in its role, or that will not stay in it, is used for nothing. */
@ExtendWith(OutputCaptureExtension.class)
class UnboundConnectionTest {

    private final Address database = TestDatabase.create();

    @Test
    void refusesALoginThatIsNoMemberOfTheRoleUntilItIs(CapturedOutput output) {
        String login = "stranger_of_" + database.name();
        database.superuser().execute("create role " + login + " login password 'stranger'");
        try (ServiceInstance service = ServiceInstance.on(
                database,
                "--vantage.datasource.reader.username=" + login,
                "--vantage.datasource.reader.password=stranger")) {
            assertUnavailable(service, "reader");
            assertThat(errors(output))
                    .singleElement()
                    .asString()
                    .contains("Run: grant authenticated to \"" + login + "\"");

            database.superuser().execute("grant authenticated to " + login);

            await().atMost(Duration.ofSeconds(15))
                    .untilAsserted(() -> assertThat(readiness(service)).isEqualTo(200));
            assertThat(service.api().get("/sync-states").status()).isEqualTo(200);
        }
    }

    @Test
    void refusesWhatAPoolerTookTheSettingsFrom(CapturedOutput output) throws Exception {
        try (PgBouncer pooler =
                        PgBouncer.before(database, "pool_mode = session", "ignore_startup_parameters = options");
                var relay = new RewritingProxy(pooler.address(), ", false)", ", true )");
                ServiceInstance service = ServiceInstance.on(
                        database,
                        "--vantage.datasource.reader.url=" + relay.address().url())) {
            assertUnavailable(service, "reader");
            assertThat(errors(output))
                    .singleElement()
                    .asString()
                    .contains("A connection of the reader pool does not have its settings")
                    .contains("current_user is '" + database.username() + "' instead of 'authenticated'")
                    .contains("statement_timeout is '0' instead of '2500ms'")
                    .contains("transaction_read_only is 'off' instead of 'on'");
        }
    }

    @Test
    void refusesAPoolerThatGivesOneSessionToManyConnections(CapturedOutput output) throws Exception {
        try (PgBouncer pooler =
                        PgBouncer.before(database, "pool_mode = transaction", "ignore_startup_parameters = options");
                ServiceInstance service = ServiceInstance.on(
                        database,
                        "--vantage.datasource.reader.url=" + pooler.address().url(),
                        "--vantage.datasource.service.url=" + pooler.address().url())) {
            assertUnavailable(service, "reader");
            assertUnavailable(service, "service");
            assertThat(errors(output))
                    .hasSize(2)
                    .allMatch(line -> line.contains("(PgBouncer: pool_mode = session;"))
                    .anyMatch(line -> line.contains("pooler of the reader pool gives one database session"))
                    .anyMatch(line -> line.contains("pooler of the service pool gives one database session"));
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

    private static void assertUnavailable(ServiceInstance service, String pool) {
        var connections = service.context().getBean(pool + "DataSource", HikariDataSource.class);

        for (int attempt = 0; attempt < 3; attempt++) {
            assertThatThrownBy(() -> connections.getConnection().close()).isInstanceOf(SQLException.class);
        }
        assertThat(service.api().get("/sync-states").problem()).isEqualTo("database-unavailable");
        assertThat(readiness(service)).isEqualTo(503);
        assertThat(service.api().get("/actuator/health/liveness").status()).isEqualTo(200);
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
