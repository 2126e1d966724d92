package com.vantage.syncstate.database;

import static java.util.Map.entry;
import static org.assertj.core.api.Assertions.assertThat;

import com.vantage.syncstate.support.ApiTest;
import com.vantage.syncstate.support.Migrations;
import com.vantage.syncstate.support.TestDatabase.Address;
import com.zaxxer.hikari.HikariDataSource;
import java.sql.SQLException;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.dao.DataAccessException;
import org.springframework.dao.PermissionDeniedDataAccessException;
import org.springframework.jdbc.core.simple.JdbcClient;

/** What each database role may do where nothing stands before it: statements are sent straight to PostgreSQL. */
class RolesByPrivilegeTest extends ApiTest {

    private static final List<String> ROLES = List.of("anon", "authenticated", "service_role", "public");

    private static final String READERS = "anon authenticated service_role";
    private static final String SERVICE = "service_role";
    private static final String NOBODY = "";

    /** Each statement, and the roles that may send it. */
    private static final Map<String, String> STATEMENTS = Map.ofEntries(
            entry("select * from public.vantage_sync_state", READERS),
            entry("insert into public.vantage_sync_state (resource) values ('made')", SERVICE),
            entry("update public.vantage_sync_state set records_synced = 1", SERVICE),
            entry("delete from public.vantage_sync_state", SERVICE),
            entry("truncate public.vantage_sync_state", NOBODY),
            entry("drop table public.vantage_sync_state cascade", NOBODY),
            entry("alter table public.vantage_sync_state disable row level security", NOBODY),
            entry("select * from public.vantage_sync_run", READERS),
            entry("select * from public.vantage_sync_history", READERS),
            entry("insert into public.vantage_sync_history (run_id) values (gen_random_uuid())", NOBODY),
            entry("update public.vantage_sync_history set records_synced = 1", NOBODY),
            entry("delete from public.vantage_sync_history", NOBODY),
            entry("truncate public.vantage_sync_history", NOBODY),
            entry("select * from public.vantage_sync_history_move", SERVICE),
            entry("delete from public.vantage_sync_history_move", NOBODY),
            entry("select * from public.vantage_sync_alert", READERS),
            entry("select * from public.vantage_sync_setting", READERS),
            entry("update public.vantage_sync_setting set stuck_after = '1 hour'", SERVICE),
            entry("update public.vantage_sync_setting set retention_position = now()", NOBODY),
            entry("delete from public.vantage_sync_setting", NOBODY),
            entry("select public.start_vantage_sync('made')", SERVICE),
            entry("select public.progress_vantage_sync('running')", SERVICE),
            entry("select public.complete_vantage_sync('running', 1, 1, 1)", SERVICE),
            entry("select public.fail_vantage_sync('running', '[]')", SERVICE),
            entry("select public.delete_old_vantage_sync_runs('90 days')", SERVICE),
            entry("select public.move_vantage_sync_history()", SERVICE),
            entry("select public.vantage_sync_alerts(null)", SERVICE),
            entry("update public.vantage_sync_setting set fail_after = 2", SERVICE),
            entry("update public.vantage_sync_setting set unwatched = '{}'", NOBODY),
            entry("select * from public.vantage_incident", READERS),
            entry("insert into public.vantage_incident select * from public.vantage_incident", NOBODY),
            entry("update public.vantage_incident set severity = 'warning'", NOBODY),
            entry("delete from public.vantage_incident", NOBODY),
            entry("select * from public.vantage_incident_event", READERS),
            entry("update public.vantage_incident_event set body = '{}'", NOBODY),
            entry("delete from public.vantage_incident_event", NOBODY),
            entry("select * from public.vantage_watch", READERS),
            entry("update public.vantage_watch set evaluated_at = now()", NOBODY),
            entry("select public.evaluate_vantage_alerts()", SERVICE),
            entry("select public.delete_old_vantage_incidents('90 days')", SERVICE),
            entry("select * from public.vantage_channel", READERS),
            entry("insert into public.vantage_channel select * from public.vantage_channel", NOBODY),
            entry("update public.vantage_channel set failures = 0", NOBODY),
            entry("delete from public.vantage_channel", NOBODY),
            entry("select * from public.vantage_channel_alert", READERS),
            entry("select * from public.vantage_notification", READERS),
            entry("update public.vantage_notification set attempt = 0", NOBODY),
            entry("delete from public.vantage_notification", NOBODY),
            entry("select * from public.vantage_sync_due", READERS),
            entry("delete from public.vantage_sync_due", NOBODY),
            entry("select * from public.vantage_sync_next_due", READERS),
            entry("select * from public.vantage_sync_skipped_day", READERS),
            entry("insert into public.vantage_sync_skipped_day select * from public.vantage_sync_skipped_day", NOBODY),
            entry("update public.vantage_sync_skipped_day set reason = 'a'", NOBODY),
            entry("delete from public.vantage_sync_skipped_day", NOBODY),
            entry("select public.fill_vantage_sync_due()", SERVICE),
            entry("select public.vantage_sync_next_due(null)", SERVICE),
            entry("select * from public.vantage_mute", READERS),
            entry("insert into public.vantage_mute select * from public.vantage_mute", NOBODY),
            entry("update public.vantage_mute set is_over = true", NOBODY),
            entry("delete from public.vantage_mute", NOBODY),
            entry("select public.mute_vantage_resources('{a}', now() + interval '1 hour')", SERVICE),
            entry("select public.set_vantage_channels('[]')", SERVICE),
            entry("select public.vantage_common_causes(now(), now())", SERVICE),
            entry("select public.vantage_common_cause('{}')", SERVICE),
            entry("select public.claim_vantage_notifications('ops')", SERVICE),
            entry("select public.release_vantage_notifications('{}')", SERVICE),
            entry("select public.record_vantage_delivery('ops', '{}', 'sent')", SERVICE),
            entry("select public.watch_vantage_channels()", SERVICE),
            entry("select * from public.vantage_sync_freshness", READERS),
            entry("select * from public.vantage_sync_recent", READERS),
            entry("select * from public.vantage_sync_interval", READERS),
            entry("delete from public.vantage_sync_interval", NOBODY),
            entry("select public.missed_vantage_syncs()", READERS),
            entry("select public.require_fresh_vantage_sync(array['running'], p_report_only => true)", READERS),
            entry("select public.ping_vantage_sync('running', 'success')", SERVICE),
            entry("select public.batch_vantage_sync('[{\"call\": \"start\", \"resource\": \"idle\"}]')", SERVICE),
            entry("select public.record_vantage_lineage('running', gen_random_uuid(), 'OTHER', now())", SERVICE),
            entry("select * from public.vantage_ping_secret", SERVICE),
            entry("delete from public.vantage_ping_secret", NOBODY),
            entry("select * from public.vantage_badge_secret", SERVICE),
            entry("delete from public.vantage_badge_secret", NOBODY),
            entry("select * from public.vantage_scheduled_task", SERVICE),
            entry("delete from public.vantage_scheduled_task", SERVICE),
            entry("select * from public.flyway_schema_history", NOBODY),
            entry("delete from public.flyway_schema_history", NOBODY));

    /** What service_role may call; all other functions are called by these and by triggers. */
    private static final Set<String> CALLABLE = Set.of(
            "start_vantage_sync",
            "progress_vantage_sync",
            "complete_vantage_sync",
            "fail_vantage_sync",
            "delete_old_vantage_sync_runs",
            "move_vantage_sync_history",
            "vantage_sync_alerts",
            "vantage_sync_time_text",
            "evaluate_vantage_alerts",
            "acknowledge_vantage_incident",
            "delete_old_vantage_incidents",
            "set_vantage_channels",
            "vantage_common_causes",
            "vantage_common_cause",
            "claim_vantage_notifications",
            "release_vantage_notifications",
            "record_vantage_delivery",
            "watch_vantage_channels",
            "test_vantage_channel",
            "retry_vantage_notification",
            "mute_vantage_resources",
            "end_vantage_mute",
            "fill_vantage_sync_due",
            "skip_vantage_sync_day",
            "unskip_vantage_sync_day",
            "vantage_sync_next_due",
            "ping_vantage_sync",
            "record_vantage_lineage",
            "batch_vantage_sync");

    /** What readers may call as well: they only read what everybody may read. */
    private static final Set<String> CALLABLE_BY_READERS =
            Set.of("require_fresh_vantage_sync", "explain_vantage_sync", "missed_vantage_syncs");

    @Autowired
    @Qualifier("reader")
    private JdbcClient reading;

    @Autowired
    @Qualifier("service")
    private JdbcClient serving;

    @Autowired
    private List<HikariDataSource> pools;

    static Stream<Arguments> table() {
        return ROLES.stream()
                .flatMap(role -> STATEMENTS.entrySet().stream()
                        .map(each -> Arguments.of(
                                role,
                                each.getKey(),
                                List.of(each.getValue().split(" ")).contains(role))));
    }

    @ParameterizedTest(name = "{0}: {1}")
    @MethodSource("table")
    void permitsOrRefuses(String role, String sql, boolean permitted) throws SQLException {
        database.execute(
                "insert into public.vantage_sync_state (resource, last_sync_status, started_at) values ('running', 'running', now())");

        String state = attempt(database.superuser(), role, sql);

        assertThat(state).isEqualTo(permitted ? "done" : "42501");
    }

    @Test
    void hasAStatementForEveryTableAndView() {
        String relations = database.query("""
                select string_agg(relname, ',') from pg_class
                where relnamespace = 'public'::regnamespace and relkind in ('r', 'p', 'v', 'm')
                """);

        assertThat(String.valueOf(relations).split(","))
                .allSatisfy(relation -> assertThat(STATEMENTS.keySet())
                        .anyMatch(statement -> statement.matches("select .* from public\\." + relation)));
    }

    @ParameterizedTest
    @MethodSource("functions")
    void opensAFunctionToThoseWhoNeedIt(String function) {
        String name = function.replaceFirst("\\(.*", "");
        List<String> callers = CALLABLE_BY_READERS.contains(name)
                ? List.of(READERS.split(" "))
                : CALLABLE.contains(name) ? List.of(SERVICE) : List.of();

        for (String role : ROLES) {
            assertThat(database.query("select has_function_privilege('%s', '%s', 'execute')".formatted(role, function)))
                    .as("%s executes %s", role, function)
                    .isEqualTo(callers.contains(role) ? "t" : "f");
        }
    }

    /** Every function that the migrations made, found in the catalog so that none is forgotten. */
    static Stream<String> functions() {
        Address migrated = Migrations.all();
        String list = migrated.query("""
                select string_agg(oid::regprocedure::text, ';')
                from pg_proc where pronamespace = 'public'::regnamespace
                """);
        return Stream.of(String.valueOf(list).split(";"));
    }

    @Test
    void hasRowLevelSecurityOnEveryTable() {
        assertThat(
                        database.query(
                                "select string_agg(relname, ', ') from pg_class where relkind in ('r', 'p') and relnamespace = 'public'::regnamespace and not relrowsecurity"))
                .isNull();
    }

    @Test
    void lendsNobodyAWayAroundRowLevelSecurity() {
        assertThat(
                        database.query(
                                "select count(*) from pg_roles where rolname in ('anon', 'authenticated', 'service_role', 'vantage_owner') and (rolbypassrls or rolsuper or rolcanlogin and rolname <> 'vantage_owner')"))
                .isEqualTo("0");
    }

    @Test
    void bindsTheReadersConnectionsToARoleThatOnlyReads() {
        assertThat(role(reading)).isEqualTo("authenticated");
        assertThat(attempt(reading, "select public.start_vantage_sync('accounts')"))
                .isInstanceOf(PermissionDeniedDataAccessException.class);
        assertThat(attempt(reading, "create temporary table t (a int)")).isNotNull();
    }

    @Test
    void keepsTheRoleThroughEveryResetOfTheSession() {
        serving.sql("reset role").update();
        serving.sql("discard all").update();
        reading.sql("reset all").update();

        assertThat(role(serving)).isEqualTo("service_role");
        assertThat(role(reading)).isEqualTo("authenticated");

        // They are without some of their settings now, which readiness would find in other tests.
        pools.forEach(pool -> pool.getHikariPoolMXBean().softEvictConnections());
    }

    private static String role(JdbcClient jdbc) {
        return jdbc.sql("select current_role::text").query(String.class).single();
    }

    private static DataAccessException attempt(JdbcClient jdbc, String sql) {
        try {
            jdbc.sql(sql).query().listOfRows();
            throw new AssertionError(sql + " was let through");
        } catch (DataAccessException refused) {
            return refused;
        }
    }

    /** Sends a statement as a role, undoes it, and returns its SQLSTATE, or that it was done. */
    private static String attempt(Address superuser, String role, String sql) throws SQLException {
        try (var connection = superuser.connect();
                var statement = connection.createStatement()) {
            connection.setAutoCommit(false);
            if (role.equals("public")) {
                statement.execute("create role nobody_in_particular");
                statement.execute("set local role nobody_in_particular");
            } else {
                statement.execute("set local role " + role);
            }
            try {
                statement.execute(sql);
                return "done";
            } catch (SQLException refused) {
                return refused.getSQLState();
            } finally {
                connection.rollback();
            }
        }
    }
}
