package com.vantage.syncstate.sync;

import static org.assertj.core.api.Assertions.assertThat;

import com.vantage.syncstate.support.Migrations;
import com.vantage.syncstate.support.TestDatabase.Address;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.datasource.SingleConnectionDataSource;

/**
 * Reports of megabytes take milliseconds each to read, so that what looks at all states reads none of them; counted as the
 * look-ups in the table where PostgreSQL keeps large values.
 */
class LargeReportsTest {

    private static final Address DATABASE = Migrations.all();

    private static final String LOOKUPS = """
            select coalesce(sum(t.idx_scan), 0)
            from pg_catalog.pg_class c
            join pg_catalog.pg_stat_xact_all_tables t on t.relid = c.reltoastrelid
            where c.oid in ('public.vantage_sync_state'::regclass, 'public.vantage_sync_history'::regclass)
            """;

    private Connection connection;
    private JdbcClient jdbc;
    private SyncStateRepository states;

    /** Sixty, each too large for a page of the table even when it is compressed. */
    @BeforeAll
    static void fail() {
        DATABASE.execute("""
                insert into public.vantage_sync_state (resource, last_sync_status, started_at, completed_at, errors)
                select 'failed-' || i, 'failed', now(), now(), jsonb_build_array(
                  jsonb_build_object('code', 'AWAY', 'message', string_agg(md5(concat(i, '-', j)), '')),
                  jsonb_build_object('code', 'B', 'message', 'b'))
                from generate_series(1, 60) as i
                cross join generate_series(1, 6000) as j
                group by i
                """);
    }

    @BeforeEach
    void connect() throws SQLException {
        connection = DATABASE.connect();
        connection.setAutoCommit(false);
        jdbc = JdbcClient.create(new SingleConnectionDataSource(connection, true));
        states = new SyncStateRepository(jdbc);
    }

    @AfterEach
    void disconnect() throws SQLException {
        connection.rollback();
        connection.close();
    }

    @Test
    void areNotReadToFindOutWhatHasChanged() {
        List<StateVersion> versions = states.versions();

        assertThat(versions).hasSize(63);
        assertThat(versions.get(0).alerts()).contains("failed with 2 errors");
        assertThat(lookups()).isZero();
    }

    @Test
    void areNotReadForAListOfMany() {
        List<SyncState> listed = states.list(ListQuery.of("failed", null, null, null));

        assertThat(listed).hasSize(60).allSatisfy(state -> {
            assertThat(state.errors()).isEqualTo("[]");
            assertThat(state.errorsTotal()).isEqualTo(2);
        });
        assertThat(lookups()).isZero();
    }

    /** Of its own it reads the first, several times. */
    @Test
    void ofOthersAreNotReadForAnExplanation() {
        String text = jdbc.sql("select public.explain_vantage_sync('failed-1') ->> 'text'")
                .query(String.class)
                .single();

        assertThat(text).contains("59 other resources have failed with it");
        assertThat(lookups()).isLessThan(10);
    }

    @Test
    void areReadAFewTimesEachWhereIncidentsOpen() {
        int opened = jdbc.sql("select public.evaluate_vantage_alerts(10)")
                .query(Integer.class)
                .single();

        assertThat(opened).isEqualTo(10);
        assertThat(lookups()).isLessThan(10 * 30);
    }

    private long lookups() {
        return jdbc.sql(LOOKUPS).query(Long.class).single();
    }
}
