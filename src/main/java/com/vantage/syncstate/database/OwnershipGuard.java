package com.vantage.syncstate.database;

import com.vantage.syncstate.config.UnusableSettingException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.flywaydb.core.api.callback.BaseCallback;
import org.flywaydb.core.api.callback.Context;
import org.flywaydb.core.api.callback.Event;
import org.springframework.core.io.ClassPathResource;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.jdbc.datasource.SingleConnectionDataSource;
import org.springframework.stereotype.Component;

/**
 * Stops the start where a migration would change what its login does not own, an original table or what another login
 * migrated, and says how to make the login the owner of all of it.
 */
@Component
class OwnershipGuard extends BaseCallback {

    /** The statements that make the login the owner of what the text of a migration names. */
    private static final String NOT_OWNED = """
            with named as (
              select distinct m[1] as name
              from pg_catalog.regexp_matches(?, 'public\\.(\\w+)', 'g') as m
            )
            select pg_catalog.format('alter %s %s owner to %I', o.kind, o.name, current_user)
            from (
              select 1 as position, case c.relkind when 'v' then 'view' else 'table' end as kind,
                'public.' || pg_catalog.quote_ident(c.relname) as name, c.relowner as owner
              from pg_catalog.pg_class c
              join named n on n.name = c.relname
              where c.relnamespace = 'public'::regnamespace and c.relkind in ('r', 'p', 'v')
              union all
              select 2, 'domain', 'public.' || pg_catalog.quote_ident(t.typname), t.typowner
              from pg_catalog.pg_type t
              join named n on n.name = t.typname
              where t.typnamespace = 'public'::regnamespace and t.typtype = 'd'
              union all
              select 3, 'function', p.oid::regprocedure::text, p.proowner
              from pg_catalog.pg_proc p
              join named n on n.name = p.proname
              where p.pronamespace = 'public'::regnamespace
            ) as o
            where not pg_catalog.pg_has_role(o.owner, 'usage')
            order by o.position, o.name
            """;

    @Override
    public boolean supports(Event event, Context context) {
        return event == Event.BEFORE_EACH_MIGRATE;
    }

    @Override
    public void handle(Event event, Context context) {
        String script = context.getMigrationInfo().getScript();
        var jdbc = new JdbcTemplate(new SingleConnectionDataSource(context.getConnection(), true));
        List<String> statements = jdbc.queryForList(NOT_OWNED, String.class, read(script));
        if (!statements.isEmpty()) {
            throw new UnusableSettingException(
                    "The login " + jdbc.queryForObject("select current_user", String.class)
                            + " does not own what the migration " + script + " has to change",
                    "Run, as a superuser or as an owner who is a member of that login:\n\n    "
                            + String.join(";\n    ", statements) + ";\n\nThen start again");
        }
    }

    private static String read(String script) {
        try {
            return new ClassPathResource("db/migration/" + script).getContentAsString(StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
