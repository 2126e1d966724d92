package com.vantage.syncstate.postgrest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.vantage.syncstate.support.ApiClient.Response;
import com.vantage.syncstate.support.ApiTest;
import java.net.http.HttpRequest.BodyPublishers;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import org.junit.jupiter.api.Test;

/** Statements that PostgreSQL cancels: a read that is too slow is not repeated, whatever else was canceled is. */
class SlowStatementTest extends ApiTest {

    private static final String STATES = "/rest/v1/vantage_sync_state";

    @Test
    void answersAReadThatIsTooSlowWithWhatToChange() {
        slowly(() -> {
            Response slow = reader.get(STATES);

            assertThat(slow.status()).as(slow.toString()).isEqualTo(504);
            assertThat(slow.header("Proxy-Status")).hasValue("PostgREST; error=57014");
            assertThat(slow.header("Retry-After")).isEmpty();
            assertThat(slow.json().propertyNames()).containsExactly("code", "details", "hint", "message");
            assertThat(slow.text("code")).isEqualTo("57014");
            assertThat(slow.text("message")).isEqualTo("canceling statement due to statement timeout");
            assertThat(slow.text("hint")).contains("indexed column", "fewer rows", "count=planned");
            assertThat(reader.call("HEAD", STATES, BodyPublishers.noBody()).status())
                    .isEqualTo(504);
        });
    }

    @Test
    void plansARowCountWithoutReadingARow() {
        slowly(() -> {
            Response counted = reader.with("Prefer", "count=exact").get(STATES + "?limit=0");
            Response planned = reader.with("Prefer", "count=planned").get(STATES + "?limit=0");

            assertThat(counted.status()).as(counted.toString()).isEqualTo(504);
            assertThat(planned.status()).as(planned.toString()).isIn(200, 206);
            assertThat(planned.header("Content-Range").orElse("")).matches("\\*/\\d+");
        });
    }

    @Test
    void countsNoFurtherRowWhereThePageHasTheLast() {
        database.execute("""
                create function public.read_once() returns boolean language plpgsql volatile security invoker
                set search_path = '' as $$
                begin
                  perform pg_catalog.pg_sleep(case when pg_catalog.current_setting('test.read', true) = 'yes' then 10 else 0 end);
                  perform pg_catalog.set_config('test.read', 'yes', true);
                  return true;
                end $$;
                create policy read_once on public.vantage_sync_state as restrictive for select to authenticated
                using (resource <> 'funds' or public.read_once());
                """);
        try {
            Response whole = reader.with("Prefer", "count=exact").get(STATES + "?limit=4");

            assertThat(whole.header("Content-Range")).as(whole.toString()).hasValue("0-2/3");
            assertThat(reader.with("Prefer", "count=exact")
                            .get(STATES + "?limit=3")
                            .status())
                    .isEqualTo(504);
        } finally {
            database.execute("drop policy read_once on public.vantage_sync_state; drop function public.read_once();");
        }
    }

    @Test
    void letsAWriteThatIsTooSlowBeRepeated() {
        database.execute("""
                create function public.sleep() returns trigger language plpgsql as $$
                begin
                  perform pg_catalog.pg_sleep(10);
                  return null;
                end $$;
                create trigger slow before update on public.vantage_sync_state execute function public.sleep();
                """);
        try {
            assertRepeatable(
                    service.with("Content-Type", "application/json")
                            .call(
                                    "PATCH",
                                    STATES + "?resource=eq.funds",
                                    BodyPublishers.ofString("{\"records_synced\":1}")),
                    "57014");
            assertRepeatable(service.post("/rest/v1/rpc/start_vantage_sync", "{\"p_resource\":\"funds\"}"), "57014");
        } finally {
            database.execute("drop trigger slow on public.vantage_sync_state; drop function public.sleep();");
        }
        assertThat(reader.get(STATES + "?resource=eq.funds&last_sync_status=eq.never_run&records_synced=eq.0")
                        .json())
                .hasSize(1);
    }

    @Test
    void letsAReadThatWaitedForALockBeRepeated() throws SQLException {
        try (Connection migration = database.connect();
                var statement = migration.createStatement()) {
            migration.setAutoCommit(false);
            statement.execute("lock table public.vantage_sync_state in access exclusive mode");

            assertRepeatable(reader.get(STATES), "55P03");

            migration.rollback();
        }
    }

    /** JSON is made of the rows of a page, not of all that are sorted: of the reports of two hundred runs it reads five. */
    @Test
    void readsNoMoreReportsThanItAnswers() {
        database.execute("""
                insert into public.vantage_sync_history (run_id, resource, status, started_at, completed_at, duration_ms,
                  records_synced, records_created, records_updated, errors)
                select gen_random_uuid(), 'funds', 'failed', now() - i * interval '1 hour', now() - i * interval '1 hour', 0, 0, 0, 0,
                  jsonb_build_array(jsonb_build_object('code', 'A', 'message', string_agg(md5(concat(i, '-', j)), '')))
                from generate_series(1, 200) as i
                cross join generate_series(1, 1000) as j
                group by i;
                select pg_stat_force_next_flush();
                """);
        long before = blocksOfReports();

        // By what no index has in order, so that it sorts all of them.
        Response page = reader.get("/rest/v1/vantage_sync_run?select=errors&order=records_synced.desc&limit=5");

        assertThat(page.json()).as("%s", page.status()).hasSize(5);
        // A server process counts what it has read some time later.
        await().atMost(Duration.ofSeconds(30)).until(() -> {
            reader.get("/rest/v1/vantage_sync_run?select=run_id&limit=1");
            return blocksOfReports() > before;
        });
        // Ten for each that it answers; for all of them it would be a thousand and more.
        assertThat(blocksOfReports() - before).isLessThan(200);
    }

    private long blocksOfReports() {
        return Long.parseLong(database.query("select coalesce(toast_blks_read + toast_blks_hit, 0)"
                + " from pg_catalog.pg_statio_all_tables where relid = 'public.vantage_sync_history'::regclass"));
    }

    /** Every statement of a request that reads a row of the states takes longer than it may. */
    private void slowly(Runnable requests) {
        database.execute("""
                create policy slow on public.vantage_sync_state as restrictive for all to authenticated, service_role
                using (exists (select from pg_catalog.pg_sleep(10)));
                """);
        try {
            requests.run();
        } finally {
            database.execute("drop policy slow on public.vantage_sync_state");
        }
    }

    private static void assertRepeatable(Response answer, String code) {
        assertThat(answer.status()).as(answer.toString()).isEqualTo(503);
        assertThat(answer.header("Retry-After")).hasValue("1");
        assertThat(answer.text("code")).isEqualTo(code);
    }
}
