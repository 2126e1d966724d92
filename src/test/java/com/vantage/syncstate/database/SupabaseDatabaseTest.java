package com.vantage.syncstate.database;

import static com.vantage.syncstate.database.ExistingDatabaseTest.assertStartsTwice;
import static org.assertj.core.api.Assertions.assertThat;

import com.vantage.syncstate.support.DatabaseSnapshot;
import com.vantage.syncstate.support.Migrations;
import com.vantage.syncstate.support.TestDatabase;
import com.vantage.syncstate.support.TestDatabase.Address;
import com.vantage.syncstate.support.TestServer;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.BeforeParameterizedClassInvocation;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

/** The service starts where the roles are there already and get everything by default, as on Supabase. */
@ParameterizedClass
@EnumSource(TestServer.class)
class SupabaseDatabaseTest {

    private static final List<Path> MIGRATIONS = Migrations.files("migration");

    private static final String ROLES = """
            create role anon nologin noinherit;
            create role authenticated nologin noinherit;
            create role service_role nologin noinherit bypassrls;
            grant anon, authenticated, service_role to vantage_owner;
            """;

    private static final String PROJECT = """
            grant usage on schema public to anon, authenticated, service_role;
            alter default privileges for role vantage_owner in schema public
              grant all on tables to anon, authenticated, service_role;
            alter default privileges for role vantage_owner in schema public
              grant all on functions to anon, authenticated, service_role;
            alter default privileges for role vantage_owner in schema public
              grant all on sequences to anon, authenticated, service_role;
            create schema supabase_migrations authorization vantage_owner;
            set role vantage_owner;
            create table supabase_migrations.schema_migrations (
              version text primary key, statements text[], name text);
            """;

    private static Address first;

    @Parameter
    TestServer server;

    private Address database;

    @BeforeParameterizedClassInvocation
    static void createTheRoles(TestServer server) {
        first = server.createAlone();
        first.superuser().execute(ROLES);
    }

    @AfterEach
    void letsReadersOnlyRead() {
        assertThat(database.query("""
                        select string_agg(relname, ',')
                        from pg_class
                        cross join unnest(array['anon', 'authenticated']) as role
                        where relnamespace = 'public'::regnamespace and relkind in ('r', 'v')
                          and has_table_privilege(role, oid, 'insert, update, delete, truncate, references, trigger')
                        """)).isNull();
        assertThat(database.query("""
                        select string_agg(proname, ',' order by proname)
                        from pg_proc
                        where pronamespace = 'public'::regnamespace and has_function_privilege('anon', oid, 'execute')
                        """))
                .isEqualTo("explain_vantage_sync,missed_vantage_syncs,require_fresh_vantage_sync");
    }

    @Test
    void startsWhereNothingIsApplied() {
        database = project();

        assertStartsTwice(database);
    }

    @Test
    void startsOnWhatTheCliMigrated() {
        database = project();
        push(MIGRATIONS);

        assertStartsTwice(database);
    }

    @Test
    void startsOnWhatTheCliMigratedInPart() {
        database = project();
        push(MIGRATIONS.subList(0, 1));

        assertStartsTwice(database);
    }

    @Test
    void leavesTheCliNothingToChange() {
        database = project();
        assertStartsTwice(database);
        String before = DatabaseSnapshot.schema(database);

        push(MIGRATIONS);

        assertThat(DatabaseSnapshot.schema(database)).isEqualTo(before);
        assertStartsTwice(database);
        assertThat(DatabaseSnapshot.schema(database)).isEqualTo(before);
    }

    private static Address project() {
        Address database = TestDatabase.create(first.server());
        database.superuser().execute(PROJECT);
        return database;
    }

    /** As {@code supabase db push} does: each file is one transaction, and is recorded. */
    private void push(List<Path> files) {
        for (Path file : files) {
            Migrations.apply(file, database);
            String name = file.getFileName().toString();
            database.execute("insert into supabase_migrations.schema_migrations (version, name) values ('%s', '%s')"
                    .formatted(name.substring(0, 14), name.substring(15)));
        }
    }
}
