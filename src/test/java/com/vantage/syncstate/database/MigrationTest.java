package com.vantage.syncstate.database;

import static org.assertj.core.api.Assertions.assertThat;

import com.vantage.syncstate.support.DatabaseSnapshot;
import com.vantage.syncstate.support.Migrations;
import com.vantage.syncstate.support.TestDatabase;
import com.vantage.syncstate.support.TestDatabase.Address;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The migrations and their rollbacks, applied as psql applies them, by a login that is no superuser. */
class MigrationTest {

    static List<Path> migrations() {
        return Migrations.files("migration");
    }

    @ParameterizedTest
    @MethodSource("migrations")
    void isUndoneByItsRollbackToTheLastBit(Path migration) {
        Address database = TestDatabase.create();
        migrations().stream()
                .takeWhile(earlier -> !earlier.equals(migration))
                .forEach(file -> Migrations.apply(file, database));
        String before = DatabaseSnapshot.schema(database);

        Migrations.apply(migration, database);
        String between = DatabaseSnapshot.schema(database);
        Migrations.apply(Migrations.rollbackOf(migration), database);

        assertThat(between).isNotEqualTo(before);
        assertThat(DatabaseSnapshot.schema(database)).isEqualTo(before);
    }

    @Test
    void leavesTheServerAsItFoundItWhenAllIsRolledBack() {
        var server = TestDatabase.server();
        Address database = TestDatabase.create(server);
        String roles = "select string_agg(rolname, ',' order by rolname) from pg_roles";
        String before = database.query(roles);

        Migrations.applyAll(database);
        String between = database.query(roles);
        Migrations.rollBackAll(database);

        assertThat(between).contains("anon", "authenticated", "service_role");
        assertThat(database.query(roles)).isEqualTo(before);
    }

    @Test
    void leavesRolesThatAnotherDatabaseUses() {
        Address one = Migrations.all();
        Address other = Migrations.all();

        Migrations.rollBackAll(one);

        assertThat(one.query(
                        "select count(*) from pg_roles where rolname in ('anon', 'authenticated', 'service_role')"))
                .isEqualTo("3");
        assertThat(other.query("select count(*) from public.vantage_sync_state"))
                .isEqualTo("3");
    }

    @Test
    void appliesWhereTheRolesAreThereAndGetEverythingByDefaultAsOnSupabase() {
        var server = TestDatabase.server();
        Address database = TestDatabase.create(server);
        database.superuser().execute("""
                        create role anon nologin noinherit;
                        create role authenticated nologin noinherit;
                        create role service_role nologin noinherit bypassrls;
                        grant anon, authenticated, service_role to vantage_owner;
                        grant usage on schema public to anon, authenticated, service_role;
                        alter default privileges for role vantage_owner in schema public
                          grant all on tables to anon, authenticated, service_role;
                        alter default privileges for role vantage_owner in schema public
                          grant all on functions to anon, authenticated, service_role;
                        """);

        Migrations.applyAll(database);

        assertThat(
                        database.query(
                                "select has_table_privilege('anon', 'public.vantage_sync_state', 'insert, update, delete, truncate, references, trigger')"))
                .isEqualTo("f");
        assertThat(
                        database.query(
                                "select bool_or(has_function_privilege('anon', oid, 'execute')) from pg_proc where pronamespace = 'public'::regnamespace and proname not in ('require_fresh_vantage_sync', 'explain_vantage_sync', 'missed_vantage_syncs')"))
                .isEqualTo("f");
        Migrations.rollBackAll(database);
        assertThat(database.query("select count(*) from pg_roles where rolname = 'anon'"))
                .isEqualTo("1");
    }
}
