package com.vantage.syncstate.support;

import static java.util.stream.Collectors.joining;

import com.vantage.syncstate.support.TestDatabase.Address;
import java.util.stream.Stream;

/**
 * What a database holds at one moment.
 *
 * @param schema everything that a migration could leave, as one text
 * @param rows the rows of every table, but not what the tasks of a service write there at any time
 */
public record DatabaseSnapshot(String schema, String rows) {

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

    private static final String TABLES = """
            select string_agg(format('%I.%I', schemaname, tablename), e'\\n' order by schemaname, tablename)
            from pg_tables
            where schemaname not in ('pg_catalog', 'information_schema') and tablename !~ '^vantage_(scheduled_task|watch|incident)'
            """;

    private static final String ROWS = """
            select string_agg(r.line, e'\\n' order by r.line)
            from %s as t
            cross join lateral (
              select (to_jsonb(t) - 'retention_position')::text
            ) as r (line)
            """;

    public static DatabaseSnapshot of(Address database) {
        String rows = String.valueOf(database.query(TABLES))
                .lines()
                .flatMap(table -> Stream.of(table, database.query(ROWS.formatted(table))))
                .collect(joining("\n"));
        return new DatabaseSnapshot(schema(database), rows);
    }

    public static String schema(Address database) {
        return database.query(SCHEMA);
    }
}
