package com.vantage.syncstate.database;

import static org.assertj.core.api.Assertions.assertThat;

import com.vantage.syncstate.support.ApiTest;
import com.vantage.syncstate.support.Migrations;
import com.vantage.syncstate.support.TestDatabase.Address;
import java.sql.SQLException;
import java.util.List;
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

/** What each database role may do, with no door before it: statements are sent straight to PostgreSQL. */
class RolesByPrivilegeTest extends ApiTest {

    private static final List<String> ROLES = List.of("anon", "authenticated", "service_role", "public");

    private static final List<String> STATEMENTS = List.of(
            "select * from public.vantage_sync_state",
            "insert into public.vantage_sync_state (resource) values ('made')",
            "update public.vantage_sync_state set records_synced = 1",
            "delete from public.vantage_sync_state",
            "truncate public.vantage_sync_state",
            "drop table public.vantage_sync_state",
            "alter table public.vantage_sync_state disable row level security",
            "select * from public.flyway_schema_history",
            "delete from public.flyway_schema_history",
            "select public.start_vantage_sync('made')",
            "select public.complete_vantage_sync('running', 1, 1, 1)",
            "select public.fail_vantage_sync('running', '[]')",
            "select * from public.vantage_sync_alert",
            "select public.vantage_sync_alerts('running')",
            "select * from public.vantage_badge_secret",
            "delete from public.vantage_badge_secret");

    /** What a role may send; all else is refused. */
    private static final Set<String> READS = Set.of(STATEMENTS.get(0), STATEMENTS.get(12));

    private static final Set<String> WRITES = Set.of(
            STATEMENTS.get(0),
            STATEMENTS.get(1),
            STATEMENTS.get(2),
            STATEMENTS.get(3),
            STATEMENTS.get(9),
            STATEMENTS.get(10),
            STATEMENTS.get(11),
            STATEMENTS.get(12),
            STATEMENTS.get(13),
            STATEMENTS.get(14));

    @Autowired
    @Qualifier("reader")
    private JdbcClient reading;

    @Autowired
    @Qualifier("service")
    private JdbcClient serving;

    static Stream<Arguments> table() {
        return ROLES.stream().flatMap(role -> STATEMENTS.stream().map(sql -> Arguments.of(role, sql, may(role, sql))));
    }

    private static boolean may(String role, String sql) {
        return switch (role) {
            case "service_role" -> WRITES.contains(sql);
            case "public" -> false;
            default -> READS.contains(sql);
        };
    }

    @ParameterizedTest(name = "{0}: {1}")
    @MethodSource("table")
    void permitsOrRefuses(String role, String sql, boolean permitted) throws SQLException {
        database.execute(
                "insert into public.vantage_sync_state (resource, last_sync_status, started_at) values ('running', 'running', now())");

        String state = attempt(database.superuser(), role, sql);

        assertThat(state).isEqualTo(permitted ? "done" : "42501");
    }

    @ParameterizedTest
    @MethodSource("functions")
    void knowsOfEveryFunctionWhoMayExecuteIt(String function, boolean trigger) {
        for (String role : ROLES) {
            assertThat(database.query("select has_function_privilege('%s', '%s', 'execute')".formatted(role, function)))
                    .as("%s executes %s", role, function)
                    .isEqualTo(role.equals("service_role") && !trigger ? "t" : "f");
        }
    }

    /** Every function that the migrations made, found in the catalog so that none is forgotten. */
    static Stream<Arguments> functions() {
        Address migrated = Migrations.all();
        String list = migrated.query("""
                select string_agg(oid::regprocedure || ':' || (prorettype = 'trigger'::regtype), ';')
                from pg_proc where pronamespace = 'public'::regnamespace
                """);
        return Stream.of(String.valueOf(list).split(";"))
                .map(entry -> entry.split(":"))
                .map(parts -> Arguments.of(parts[0], parts[1].equals("true")));
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

    /** Sends a statement as a role, undoes it, and tells its SQLSTATE, or that it was done. */
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
