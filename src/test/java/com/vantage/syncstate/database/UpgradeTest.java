package com.vantage.syncstate.database;

import static org.assertj.core.api.Assertions.assertThat;

import com.vantage.syncstate.support.ApiClient;
import com.vantage.syncstate.support.Migrations;
import com.vantage.syncstate.support.ServiceInstance;
import com.vantage.syncstate.support.TestDatabase;
import com.vantage.syncstate.support.TestDatabase.Address;
import java.nio.file.Path;
import java.util.List;
import org.flywaydb.core.Flyway;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** A database that the first migration made and its users filled is brought up to date with nothing lost. */
class UpgradeTest {

    private static final String FIRST_VERSION = "20251105132840";

    /** Rows in every status that the first migration takes, the odd ones included; updated_at alone may move. */
    private static final String FILL = """
            delete from public.vantage_sync_state;
            insert into public.vantage_sync_state (
              resource, last_sync_status, last_sync_time, records_synced, records_created, records_updated, errors,
              started_at, completed_at, duration_ms, created_at)
            values
              ('accounts', 'success', '2025-11-05 10:30:00.123456Z', 1250, 15, 1235, '[]',
                '2025-11-05 10:29:47Z', '2025-11-05 10:30:00.123456Z', 13123, '2025-11-01Z'),
              ('funds', 'failed', '2025-11-04 10:30:00Z', 10, 4, 6,
                '[{"code": "TIMEOUT", "message": "No answer", "context": {"page": [7, null]}, "own": "key"}]',
                '2025-11-05 10:29:47Z', '2025-11-05 10:30:00Z', 13000, '2025-11-01Z'),
              ('cashflows', 'running', '2025-11-04 10:30:00Z', 10, 4, 6, '[{"code": "OLD", "message": "Of before"}]',
                '2025-11-05 10:29:47Z', null, null, '2025-11-01Z'),
              ('investors', 'never_run', null, 0, 0, 0, '[]', null, null, null, '2025-11-01Z'),
              ('failed-first', 'failed', null, 0, 0, 0, '[]',
                '2025-11-05 10:29:47Z', '2025-11-05 10:29:47Z', 0, '2025-11-01Z'),
              ('running-first', 'running', null, 0, 0, 0, '[]', '2025-11-05 10:29:47Z', null, null, '2025-11-01Z'),
              ('running-tomorrow', 'running', null, 0, 0, 0, '[]', '2999-01-01Z', null, null, '2025-11-01Z'),
              ('success-with-errors', 'success', '2025-11-05Z', 1, 2, 3, '[1, "two", null, [3]]',
                '2025-11-04Z', '2025-11-05Z', 2147483647, '2025-11-01Z'),
              ('success-of-other-times', 'success', '2024-01-01Z', 2147483647, 2147483647, 2147483647, '[]',
                '2025-11-04Z', '2025-11-05Z', 5, '2026-11-01Z'),
              ('success-long-ago', 'success', '0044-03-15 12:00:00Z BC', 1, 1, 1, '[]',
                '4713-01-01 00:00:00Z BC', '0044-03-15 12:00:00Z BC', 7, '0001-01-01Z'),
              ('success-without-times', 'success', '2025-11-05Z', 1, 1, 1, '[]', null, null, null, '2025-11-01Z'),
              ('success-without-start', 'success', '2025-11-05Z', 1, 1, 1, '[]', null, '2025-11-06Z', null, '2025-11-01Z'),
              ('success-without-end', 'success', '2025-11-05Z', 1, 1, 1, '[]', '2025-11-06Z', null, 9, '2025-11-01Z'),
              ('failed-without-times', 'failed', null, 0, 0, 0, '[{"code": "X", "message": "Y"}]',
                null, null, null, '2025-11-01Z'),
              ('failed-without-end', 'failed', null, 0, 0, 0, '[{}]', '2025-11-05Z', null, null, '2025-11-01Z'),
              ('failed-without-start', 'failed', null, 0, 0, 0, '[]', null, '2025-11-05Z', 3, '2025-11-01Z'),
              ('never-run-but-told', 'never_run', '2025-11-04Z', 5, 3, 2, '[{"code": "X", "message": "Y"}]',
                '2025-11-05Z', '2025-11-06Z', 7, '2025-11-01Z'),
              (repeat('x', 128), 'success', '2025-11-05Z', 0, 0, 0, '[]', '2025-11-04Z', '2025-11-05Z', 0, '2025-11-01Z');
            create table public.before_upgrade as
            select resource, last_sync_time, last_sync_status, records_synced, records_created, records_updated, errors,
              started_at, completed_at, duration_ms, created_at, updated_at
            from public.vantage_sync_state;
            """;

    private static final String LOST = """
            select string_agg(concat_ws(' ', resource, before.row, after.row), e'\\n')
            from public.before_upgrade b
            left join public.vantage_sync_state s using (resource)
            cross join lateral (
              select to_jsonb(b) - 'updated_at'
            ) as before (row)
            cross join lateral (
              select jsonb_object_agg(key, value)
              from jsonb_each(to_jsonb(s))
              where key <> 'updated_at' and to_jsonb(b) ? key
            ) as after (row)
            where s.resource is null
              or b.updated_at > s.updated_at
              or before.row <> after.row
            """;

    /** As above, but of an ended sync whose times were not all told, those that were not may be filled in. */
    private static final String LOST_BEYOND_WHAT_WAS_FILLED_IN = LOST.replace("or before.row <> after.row", """
            or jsonb_strip_nulls(before.row) <> jsonb_strip_nulls(after.row)
              - array(
                select key from jsonb_each(before.row)
                where value = 'null'
                  and key in ('started_at', 'completed_at', 'duration_ms')
                  and b.last_sync_status in ('success', 'failed'))
            """);

    private static final String DISAGREEING = """
            select string_agg(concat_ws(' ', s.resource, to_jsonb(s), to_jsonb(r)), e'\\n')
            from public.vantage_sync_state s
            full join public.vantage_sync_run r on r.resource = s.resource
            where (s.last_sync_status = 'never_run') <> (r.run_id is null)
              or r.run_id <> s.run_id
              or r.status <> s.last_sync_status
              or r.started_at <> s.started_at
              or (r.run_id is not null
                and (r.completed_at, r.duration_ms) is distinct from (s.completed_at, s.duration_ms))
              or (r.status = 'success' and (r.records_synced, r.records_created, r.records_updated)
                <> (s.records_synced, s.records_created, s.records_updated))
              or (r.status = 'failed' and r.errors <> s.errors)
            """;

    @Test
    void keepsEveryRowAsItWas() {
        Address database = filledAfterTheFirst();

        upgrade(database);

        assertThat(database.query(LOST_BEYOND_WHAT_WAS_FILLED_IN)).isNull();
        assertThat(database.query("select count(*) from public.vantage_sync_state"))
                .isEqualTo(database.query("select count(*) from public.before_upgrade"));
    }

    @Test
    void changesNothingOfRowsThatToldAllTheirTimes() {
        Address database = filledAfterTheFirst();
        database.execute("delete from public.before_upgrade where last_sync_status in ('success', 'failed')"
                + " and (started_at is null or completed_at is null or duration_ms is null)");

        upgrade(database);

        assertThat(database.query("select count(*) from public.before_upgrade")).isEqualTo("12");
        assertThat(database.query(LOST)).isNull();
    }

    @Test
    void givesEachResourceThatHasRunOneRunThatAgreesWithIt() {
        Address database = filledAfterTheFirst();

        upgrade(database);

        assertThat(database.query("select count(*) from public.vantage_sync_run"))
                .isEqualTo(database.query(
                        "select count(*) from public.before_upgrade where last_sync_status <> 'never_run'"));
        assertThat(database.query(DISAGREEING)).isNull();
    }

    @Test
    void tellsTheNextSyncToStartWhereTheLastSuccessDidOrInFull() {
        Address database = filledAfterTheFirst();

        upgrade(database);

        assertThat(database.query("select watermark = '2025-11-05 10:29:47Z' from public.vantage_sync_state"
                        + " where resource = 'accounts'"))
                .isEqualTo("t");
        assertThat(database.query("select count(*) from public.vantage_sync_state"
                        + " where last_sync_status <> 'success' and watermark is not null"))
                .isEqualTo("0");
    }

    @Test
    void takesTheOriginalCallsByPositionAndByName() {
        Address database = filledAfterTheFirst();

        upgrade(database);

        assertTakesTheOriginalCalls(database);
    }

    @Test
    void everyResourceCanStillBeSynced() {
        Address database = filledAfterTheFirst();

        upgrade(database);

        assertThat(database.query("""
                        select count(*)
                        from public.before_upgrade b
                        cross join lateral public.start_vantage_sync(b.resource, p_force => true) as started
                        where started.last_sync_status = 'running'
                        """)).isEqualTo("18");
        assertThat(database.query("""
                        select count(*)
                        from public.before_upgrade b
                        cross join lateral public.complete_vantage_sync(b.resource, 3, 2, 1) as completed
                        where completed.last_sync_status = 'success'
                        """)).isEqualTo("18");
        assertThat(database.query("select count(*) from public.vantage_sync_run where status = 'abandoned'"))
                .isEqualTo("3");
    }

    @ParameterizedTest
    @EnumSource
    void theServiceBringsItUpToDateWhenItStarts(FirstMigration by) {
        Address database = TestDatabase.create();
        by.apply(database);
        database.execute(FILL);

        try (ServiceInstance service = ServiceInstance.on(database, by.settings())) {
            ApiClient api = service.api();

            assertThat(database.query(LOST_BEYOND_WHAT_WAS_FILLED_IN)).isNull();
            assertThat(database.query(DISAGREEING)).isNull();
            assertThat(api.get("/sync-states").json().size()).isEqualTo(18);
            assertThat(api.get("/sync-states/funds/runs").json().get("runs").size())
                    .isEqualTo(1);
            assertThat(api.post("/sync-states/funds/start").text("last_sync_status"))
                    .isEqualTo("running");
            assertTakesTheOriginalCalls(database);
        }
    }

    /** How the first migration came into the database. */
    enum FirstMigration {
        /** By the service as it was then. */
        BY_FLYWAY {
            @Override
            void apply(Address database) {
                Flyway.configure()
                        .dataSource(database.url(), database.username(), database.password())
                        .sqlMigrationPrefix("")
                        .sqlMigrationSeparator("_")
                        .defaultSchema("public")
                        .target(FIRST_VERSION)
                        .load()
                        .migrate();
            }

            @Override
            String[] settings() {
                return new String[0];
            }
        },

        /** By psql or the Supabase CLI, so that Flyway has to be told. */
        BY_PSQL {
            @Override
            void apply(Address database) {
                Migrations.apply(first(), database);
            }

            @Override
            String[] settings() {
                return new String[] {
                    "--spring.flyway.baseline-on-migrate=true", "--spring.flyway.baseline-version=" + FIRST_VERSION
                };
            }
        };

        abstract void apply(Address database);

        abstract String[] settings();
    }

    private static Address filledAfterTheFirst() {
        Address database = TestDatabase.create();
        Migrations.apply(first(), database);
        database.execute(FILL);
        return database;
    }

    private static void upgrade(Address database) {
        List<Path> all = Migrations.files("migration");
        all.subList(1, all.size()).forEach(file -> Migrations.apply(file, database));
    }

    private static Path first() {
        Path first = Migrations.files("migration").get(0);
        assertThat(first.getFileName().toString()).startsWith(FIRST_VERSION);
        return first;
    }

    private static void assertTakesTheOriginalCalls(Address database) {
        String status = "select last_sync_status from public.";
        assertThat(database.query(status + "start_vantage_sync('x')")).isEqualTo("running");
        assertThat(database.query(status + "complete_vantage_sync('x', 100, 10, 90)"))
                .isEqualTo("success");
        assertThat(database.query(status + "start_vantage_sync(p_resource => 'x')"))
                .isEqualTo("running");
        assertThat(
                        database.query(
                                status
                                        + "fail_vantage_sync(p_resource => 'x', p_errors => '[{\"code\": \"A\", \"message\": \"B\"}]')"))
                .isEqualTo("failed");
        assertThat(database.query(status + "start_vantage_sync('x')")).isEqualTo("running");
        assertThat(database.query(status + "fail_vantage_sync('x', '[{\"code\": \"C\", \"message\": \"D\"}]')"))
                .isEqualTo("failed");
        assertThat(database.query(status + "start_vantage_sync('x')")).isEqualTo("running");
        assertThat(database.query(status + "complete_vantage_sync(p_resource => 'x', p_records_synced => 7,"
                        + " p_records_created => 3, p_records_updated => 4)"))
                .isEqualTo("success");
        assertThat(database.query(status + "start_vantage_sync('x')")).isEqualTo("running");
        assertThat(database.query(status + "complete_vantage_sync('x')")).isEqualTo("success");
        assertThat(database.query("select string_agg(concat_ws(' ', status, records_synced, records_created,"
                        + " records_updated, errors -> 0 ->> 'code'), ', ' order by started_at)"
                        + " from public.vantage_sync_run where resource = 'x'"))
                .isEqualTo("success 100 10 90, failed 0 0 0 A, failed 0 0 0 C, success 7 3 4, success 0 0 0");
    }
}
