package com.vantage.syncstate.database;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import com.vantage.syncstate.config.UnusableSettingException;
import com.vantage.syncstate.support.Migrations;
import com.vantage.syncstate.support.ServiceInstance;
import com.vantage.syncstate.support.TestDatabase;
import com.vantage.syncstate.support.TestDatabase.Address;
import java.io.IOException;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.flywaydb.core.Flyway;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;

/** What stops the start is reported in a paragraph, with what to do about it. */
@ExtendWith(OutputCaptureExtension.class)
class StartFailureTest {

    private static final DatabaseMigration IMPATIENT =
            new DatabaseMigration(Duration.ZERO, Duration.ZERO, Duration.ZERO);

    private final Address database = TestDatabase.create();

    @Test
    void namesALoginThatTheDatabaseRefuses(CapturedOutput output) {
        assertFails(
                output,
                "The database refuses the login: FATAL",
                "Set spring.datasource.username and spring.datasource.password",
                new Address(database.server(), database.name(), "nobody_here", "password"));
    }

    @Test
    void namesADatabaseThatIsNotThere(CapturedOutput output) {
        assertFails(
                output,
                "database \"" + database.name() + "_nope\" does not exist",
                "createdb",
                new Address(database.server(), database.name() + "_nope", database.username(), database.password()));
    }

    @Test
    void saysThatADatabaseCannotBeReached() {
        var flyway = Flyway.configure()
                .dataSource("jdbc:postgresql://127.0.0.1:1/vantage", "login", "password")
                .load();

        assertThatThrownBy(() -> IMPATIENT.migrate(flyway))
                .hasMessageContaining("The database cannot be reached: Connection to 127.0.0.1:1 refused");
    }

    @Test
    void saysWhatToRaiseOrLowerWhereNoConnectionIsLeft() {
        String login = "late_comer_of_" + database.name();
        database.superuser().execute("create role " + login + " login password 'late' connection limit 0");
        var flyway = Flyway.configure()
                .dataSource(new Address(database.server(), database.name(), login, "late").url(), login, "late")
                .load();

        assertThatThrownBy(() -> IMPATIENT.migrate(flyway))
                .hasMessageContaining("The database has no connection left: FATAL: too many connections for role")
                .extracting(failure -> ((UnusableSettingException) failure).remedy())
                .asString()
                .contains("Raise max_connections", "vantage.datasource.reader.maximum-pool-size");
    }

    @Test
    void saysWhichRightsTheLoginNeeds(CapturedOutput output) {
        String login = "stranger_of_" + database.name();
        database.superuser().execute("create role " + login + " login password 'stranger'");

        assertFails(
                output,
                "The login " + login + " may not do what the migration",
                "grant create on schema public to \"" + login + "\"",
                new Address(database.server(), database.name(), login, "stranger"));
    }

    @Test
    void saysWhyADatabaseCannotBeMigrated(CapturedOutput output) {
        database.execute("create view public.vantage_sync_state as select 1 as resource");

        assertFails(
                output,
                "The migration 20251105132840_vantage_sync_state.sql failed, and was rolled back: ERROR",
                "Put right what PostgreSQL names, and start again",
                database);
    }

    @Test
    void refusesADatabaseThatOtherFilesMigrated(CapturedOutput output) {
        ServiceInstance.on(database).close();
        database.execute("update public.flyway_schema_history set checksum = 1 where version = '20251105132840'");

        assertFails(
                output,
                "The database was migrated by other files than those of this release",
                "Start the release that migrated it",
                database);
    }

    @Test
    void namesThePortThatIsInUse(CapturedOutput output) throws IOException {
        try (var taken = new ServerSocket(0)) {
            assertThatThrownBy(() -> ServiceInstance.on(database, taken.getLocalPort()));

            assertReported(output, "Port " + taken.getLocalPort() + " was already in use", "listen on another port");
        }
    }

    @Test
    void namesADirectoryThatTheEmbeddedDatabaseCannotWriteTo(CapturedOutput output, @TempDir Path directory)
            throws IOException {
        Path file = Files.createFile(directory.resolve("file"));
        String[] settings = {"--server.port=0", "--vantage.embedded.directory=" + file.resolve("directory")};

        assertThatThrownBy(
                () -> SpringApplication.run(com.vantage.syncstate.VantageSyncStateApplication.class, settings));

        assertReported(output, "PostgreSQL did not start in " + file, "Give vantage.embedded.directory");
    }

    /** Everybody else would wait behind the migration, for as long as it waits. */
    @Test
    void makesWayForOthersWhileALockIsHeld() throws Exception {
        Migrations.applyAll(database);
        CompletableFuture<ServiceInstance> starting;
        try (var holder = database.connect();
                var statement = holder.createStatement()) {
            holder.setAutoCommit(false);
            statement.executeQuery("select count(*) from public.vantage_sync_state");
            starting = CompletableFuture.supplyAsync(() -> ServiceInstance.on(database));
            await().until(this::isAnyoneWaitingForALock);

            // As the callers of another instance wait, who came later and so see no error.
            database.execute("set lock_timeout = '2s'; select public.start_vantage_sync('accounts')");
            await().until(() -> !isAnyoneWaitingForALock());
            holder.rollback();
        }
        try (ServiceInstance started = starting.get(30, TimeUnit.SECONDS)) {
            assertThat(started.api().get("/sync-states/accounts").text("last_sync_status"))
                    .isEqualTo("running");
        }
    }

    @Test
    void namesWhoHoldsTheLock() throws Exception {
        Migrations.applyAll(database);
        var flyway = Flyway.configure()
                .dataSource(database.url(), database.username(), database.password())
                .locations("classpath:db/migration")
                .sqlMigrationPrefix("")
                .sqlMigrationSeparator("_")
                .baselineOnMigrate(true)
                .baselineVersion("0")
                .initSql("set lock_timeout = '100ms'")
                .load();
        try (var holder = database.connect();
                var statement = holder.createStatement()) {
            holder.setAutoCommit(false);
            statement.execute("set application_name = 'forgotten psql'");
            statement.executeQuery("select count(*) from public.vantage_sync_state");

            assertThatThrownBy(() -> IMPATIENT.migrate(flyway))
                    .hasMessageContaining("nothing was changed")
                    .hasMessageContaining(", forgotten psql, in a transaction since 20");
        }
    }

    private boolean isAnyoneWaitingForALock() {
        return "t".equals(database.superuser().query("""
                select exists (
                  select from pg_stat_activity
                  where datname = current_database() and wait_event_type = 'Lock')
                """));
    }

    private static void assertFails(CapturedOutput output, String description, String action, Address address) {
        assertThatThrownBy(() -> ServiceInstance.on(address));

        assertReported(output, description, action);
    }

    private static void assertReported(CapturedOutput output, String description, String action) {
        String report = output.getOut().substring(output.getOut().indexOf("APPLICATION FAILED TO START"));
        assertThat(report).contains(description, action);
        assertThat(output.getAll()).doesNotContain("\tat ");
    }
}
