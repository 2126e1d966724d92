package com.vantage.syncstate.database;

import static org.assertj.core.api.Assertions.assertThat;

import com.vantage.syncstate.support.DatabaseSnapshot;
import com.vantage.syncstate.support.Migrations;
import com.vantage.syncstate.support.ServiceInstance;
import com.vantage.syncstate.support.TestDatabase.Address;
import com.vantage.syncstate.support.TestServer;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

/** The service starts on the databases that people have, and what it has made is left alone by the next start. */
@ParameterizedClass
@EnumSource(TestServer.class)
class ExistingDatabaseTest {

    private static final List<Path> MIGRATIONS = Migrations.files("migration");

    @Parameter
    TestServer server;

    @Test
    void startsOnAnEmptyDatabase() {
        assertStartsTwice(server.create());
    }

    @Test
    void startsBesideTheTablesAndFunctionsOfOthers() {
        Address database = server.create();
        database.execute("""
                create table public.invoice (id integer primary key, total numeric);
                insert into public.invoice values (1, 9.99);
                create function public.invoice_total() returns numeric language sql
                as 'select sum(total) from public.invoice';
                grant select on public.invoice to public;
                """);
        String before = strangers(database);

        assertStartsTwice(database);

        assertThat(strangers(database)).isEqualTo(before);
        assertThat(database.query("select public.invoice_total()")).isEqualTo("9.99");
    }

    @Test
    void startsOnWhatPsqlMigrated() {
        Address database = server.create();
        MIGRATIONS.forEach(file -> Migrations.applyByPsql(file, database));
        database.execute(
                "select public.start_vantage_sync('accounts'); select public.complete_vantage_sync('accounts')");
        String runs = database.query("select string_agg(r::text, ',') from public.vantage_sync_run r");

        assertStartsTwice(database);

        assertThat(database.query("select string_agg(r::text, ',') from public.vantage_sync_run r"))
                .isEqualTo(runs);
    }

    @Test
    void startsOnWhatPsqlMigratedInPart() {
        Address database = server.create();
        Migrations.applyByPsql(MIGRATIONS.get(0), database);

        assertStartsTwice(database);
    }

    @Test
    void leavesPsqlNothingToChange() {
        Address database = server.create();
        assertStarts(database);
        DatabaseSnapshot before = DatabaseSnapshot.of(database);

        MIGRATIONS.forEach(file -> Migrations.applyByPsql(file, database));

        assertThat(DatabaseSnapshot.of(database)).isEqualTo(before);
        assertStartsTwice(database);
        assertThat(DatabaseSnapshot.of(database)).isEqualTo(before);
    }

    static void assertStartsTwice(Address database) {
        assertStarts(database);
        DatabaseSnapshot before = DatabaseSnapshot.of(database);

        assertStarts(database);

        DatabaseSnapshot after = DatabaseSnapshot.of(database);
        assertThat(after.schema()).isEqualTo(before.schema());
        assertThat(after.rows()).isEqualTo(before.rows());
    }

    /** Starts the service, and ends it when it has shown that it reads and writes. */
    static void assertStarts(Address database) {
        try (ServiceInstance service = ServiceInstance.on(database)) {
            assertThat(service.api().get("/actuator/health/readiness").status()).isEqualTo(200);
            assertThat(service.api().get("/sync-states/funds").status()).isEqualTo(200);
            assertThat(service.api().post("/sync-states/probe/start").status()).isEqualTo(200);
            assertThat(service.api().delete("/sync-states/probe").status()).isEqualTo(204);
        }
    }

    private static String strangers(Address database) {
        return DatabaseSnapshot.schema(database)
                .lines()
                .filter(line -> line.contains("invoice"))
                .toList()
                .toString();
    }
}
