package com.vantage.syncstate.support;

import com.vantage.syncstate.support.TestDatabase.Address;
import java.nio.file.Path;

/** The table that this service replaces, as its users have it: see {@code src/test/resources/original}. */
public final class OriginalTable {

    private static final Path DIRECTORY = Path.of("src", "test", "resources", "original");

    /** The policies of the table name them. */
    private static final String ROLES = """
            do $$
            declare
              v_role text;
            begin
              foreach v_role in array array['anon', 'authenticated', 'service_role'] loop
                if not exists (select from pg_roles where rolname = v_role) then
                  execute format('create role %I nologin', v_role);
                end if;
              end loop;
            end
            $$
            """;

    private OriginalTable() {}

    /** Creates it in an empty database, with the rows that its own migration makes. */
    public static void create(Address database) {
        create(database, database);
    }

    /** Creates it as another login than the one that owns the database. */
    public static void create(Address database, Address creator) {
        database.execute(ROLES);
        Migrations.apply(DIRECTORY.resolve("vantage_sync_state.sql"), creator);
    }

    /** Creates it as it looks after some use, with rows that the rules of this service refuse. */
    public static void createInUse(Address database) {
        create(database);
        Migrations.apply(DIRECTORY.resolve("rows.sql"), database);
    }
}
