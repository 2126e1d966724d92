package com.vantage.syncstate.consistency;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.vantage.syncstate.support.ApiClient;
import com.vantage.syncstate.support.InstalledPostgres;
import com.vantage.syncstate.support.TestDatabase.Address;
import com.vantage.syncstate.support.TestServer;
import java.nio.file.Path;
import java.sql.Connection;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Two whole instances, in processes of their own, of which one evaluates the alerts at a time. */
class EvaluationFailoverTest {

    @TempDir
    private Path directory;

    private final Address database = TestServer.INSTALLED.create().superuser();
    private DrillService one;
    private DrillService other;

    @BeforeEach
    void startBoth() throws Exception {
        one = new DrillService(directory, InstalledPostgres.freePort(), database.url());
        one.awaitReady();
        other = new DrillService(directory, InstalledPostgres.freePort(), database.url());
        other.awaitReady();
    }

    @AfterEach
    void kill() {
        one.kill();
        other.kill();
    }

    @Test
    void oneGoesOnWhereTheOtherIsKilled() throws Exception {
        fail(one.api(), "job-1");
        awaitIncident(other.api(), "job-1");

        one.kill();
        fail(other.api(), "job-2");
        awaitIncident(other.api(), "job-2");
        one.start();
        one.awaitReady();
        other.kill();
        fail(one.api(), "job-3");
        awaitIncident(one.api(), "job-3");

        assertThat(events()).isEqualTo("3 opened of 3");
    }

    /** The lock of whoever is at it goes with its connection, as it does where a process or its host is lost. */
    @Test
    void goOnOnceTheConnectionOfTheOneThatEvaluatesIsLost() throws Exception {
        try (Connection held = database.connect()) {
            held.setAutoCommit(false);
            try (var statement = held.createStatement()) {
                statement.execute("select pg_advisory_xact_lock(hashtextextended('public.vantage_incident', 0))");
            }
            String before = evaluated();
            fail(one.api(), "job-1");

            assertThat(database.query("select public.evaluate_vantage_alerts()"))
                    .isNull();
            assertThat(evaluated()).isEqualTo(before);
            assertThat(events()).isEqualTo("0 opened of 0");

            database.execute("select pg_terminate_backend(pid) from pg_locks where locktype = 'advisory' and granted"
                    + " and database = (select oid from pg_database where datname = current_database())");
        }

        awaitIncident(other.api(), "job-1");
        assertThat(events()).isEqualTo("1 opened of 1");
    }

    private String evaluated() {
        return database.query("select evaluated_at from public.vantage_watch");
    }

    /** Of the resources of this test: what is registered from the first and has never run is stale at once. */
    private String events() {
        return database.query("""
                select format('%s opened of %s', count(*) filter (where e.type = 'opened'), count(*))
                from public.vantage_incident_event e
                join public.vantage_incident i using (incident_id)
                where i.resource like 'job-%'
                """);
    }

    private static void fail(ApiClient api, String resource) {
        api.post("/sync-states/" + resource + "/start");
        api.post("/sync-states/" + resource + "/fail");
    }

    private static void awaitIncident(ApiClient api, String resource) {
        await().atMost(Duration.ofSeconds(60))
                .untilAsserted(() -> assertThat(api.get("/incidents?open=true&resource=" + resource)
                                .json()
                                .get("incidents"))
                        .hasSize(1));
    }
}
