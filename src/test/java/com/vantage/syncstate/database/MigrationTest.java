package com.vantage.syncstate.database;

import static org.assertj.core.api.Assertions.assertThat;

import com.vantage.syncstate.support.Migrations;
import com.vantage.syncstate.support.TestDatabase;
import com.vantage.syncstate.support.TestDatabase.Address;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The migrations and their rollbacks, applied as psql applies them, by a login that is no superuser. */
class MigrationTest {

    /** Everything that a migration could leave in a schema, as one text. */
    private static final String SCHEMA = """
            select string_agg(line, e'\\n' order by line)
            from (
              select format('column %s.%s %s %s %s', attrelid::regclass, attname, format_type(atttypid, atttypmod),
                attnotnull, (select pg_get_expr(adbin, adrelid) from pg_attrdef where adrelid = attrelid and adnum = attnum))
              from pg_attribute join pg_class on pg_class.oid = attrelid
              where relnamespace = 'public'::regnamespace and attnum > 0 and not attisdropped
              union all
              select format('relation %s %s %s %s %s', relname, relkind, relrowsecurity, relacl, reloptions)
              from pg_class where relnamespace = 'public'::regnamespace
              union all
              select format('constraint %s %s %s', conrelid::regclass, conname, pg_get_constraintdef(oid))
              from pg_constraint where connamespace = 'public'::regnamespace
              union all
              select format('index %s', indexdef) from pg_indexes where schemaname = 'public'
              union all
              select format('policy %s %s %s %s %s %s', tablename, policyname, roles, cmd, qual, with_check)
              from pg_policies where schemaname = 'public'
              union all
              select format('trigger %s', pg_get_triggerdef(oid)) from pg_trigger where not tgisinternal
              union all
              select format('function %s %s', pg_get_functiondef(oid), proacl)
              from pg_proc where pronamespace = 'public'::regnamespace
              union all
              select format('comment %s %s %s', classoid::regclass, objsubid, description)
              from pg_description where objoid >= 16384
              union all
              select format('type %s %s', typname, typacl)
              from pg_type where typnamespace = 'public'::regnamespace
              union all
              select format('schema %s %s', nspname, nspacl) from pg_namespace where nspname = 'public'
            ) as everything (line)
            """;

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
        String before = database.query(SCHEMA);

        Migrations.apply(migration, database);
        String between = database.query(SCHEMA);
        Migrations.apply(Migrations.rollbackOf(migration), database);

        assertThat(between).isNotEqualTo(before);
        assertThat(database.query(SCHEMA)).isEqualTo(before);
    }

    @Test
    void leavesTheServerAsItFoundItWhenAllIsRolledBack() {
        var server = TestDatabase.server();
        Address database = TestDatabase.create(server);
        String roles = "select string_agg(rolname, ',' order by rolname) from pg_roles";
        String before = database.query(roles);

        migrations().forEach(file -> Migrations.apply(file, database));
        String between = database.query(roles);
        rollBackAll(database);

        assertThat(between).contains("anon", "authenticated", "service_role");
        assertThat(database.query(roles)).isEqualTo(before);
    }

    @Test
    void leavesRolesThatAnotherDatabaseUses() {
        Address one = Migrations.all();
        Address other = Migrations.all();

        rollBackAll(one);

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

        migrations().forEach(file -> Migrations.apply(file, database));

        assertThat(
                        database.query(
                                "select has_table_privilege('anon', 'public.vantage_sync_state', 'insert, update, delete, truncate, references, trigger')"))
                .isEqualTo("f");
        assertThat(
                        database.query(
                                "select bool_or(has_function_privilege('anon', oid, 'execute')) from pg_proc where pronamespace = 'public'::regnamespace"))
                .isEqualTo("f");
        rollBackAll(database);
        assertThat(database.query("select count(*) from pg_roles where rolname = 'anon'"))
                .isEqualTo("1");
    }

    private static void rollBackAll(Address database) {
        var newestFirst = new ArrayList<>(migrations());
        Collections.reverse(newestFirst);
        newestFirst.forEach(file -> Migrations.apply(Migrations.rollbackOf(file), database));
    }
}
