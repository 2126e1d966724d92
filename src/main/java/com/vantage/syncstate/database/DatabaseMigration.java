package com.vantage.syncstate.database;

import com.vantage.syncstate.config.UnusableSettingException;
import com.vantage.syncstate.error.SqlStates;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Locale;
import org.flywaydb.core.Flyway;
import org.flywaydb.core.api.FlywayException;
import org.flywaydb.core.api.exception.FlywayValidateException;
import org.flywaydb.core.internal.exception.FlywayMigrateException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.flyway.autoconfigure.FlywayMigrationStrategy;
import org.springframework.dao.DataAccessException;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.stereotype.Component;

/**
 * Migrates the database at the start, and says what to do where it cannot.
 *
 * <p>A database that is still starting is waited for. A table that somebody else holds is waited for as well, but never for
 * long at a time: whoever comes after a waiting migration waits behind it.
 */
@Component
class DatabaseMigration implements FlywayMigrationStrategy {

    private static final Logger log = LoggerFactory.getLogger(DatabaseMigration.class);

    private static final Duration PATIENCE_TO_CONNECT = Duration.ofSeconds(30);
    private static final Duration PATIENCE_FOR_LOCKS = Duration.ofMinutes(1);

    /** Longer than a migration has kept the others waiting, so that they are served in between. */
    private static final Duration PAUSE = Duration.ofSeconds(3);

    private static final String HOLDERS = """
            select string_agg(distinct format('pid %s%s%s', a.pid, nullif(', ' || a.application_name, ', '),
              to_char(a.xact_start at time zone 'UTC', '", in a transaction since" YYYY-MM-DD HH24:MI:SS "UTC"')), '; ')
            from pg_catalog.pg_locks l
            join pg_catalog.pg_class c on c.oid = l.relation and c.relnamespace = 'public'::regnamespace
            join pg_catalog.pg_stat_activity a on a.pid = l.pid
            where l.granted
              and l.database = (select d.oid from pg_catalog.pg_database d where d.datname = current_database())
              and (c.relname like 'vantage\\_%' or c.relname = 'flyway_schema_history')
              and l.pid <> pg_catalog.pg_backend_pid()
            """;

    private final Duration patienceToConnect;
    private final Duration patienceForLocks;
    private final Duration pause;

    @Autowired
    DatabaseMigration() {
        this(PATIENCE_TO_CONNECT, PATIENCE_FOR_LOCKS, PAUSE);
    }

    DatabaseMigration(Duration patienceToConnect, Duration patienceForLocks, Duration pause) {
        this.patienceToConnect = patienceToConnect;
        this.patienceForLocks = patienceForLocks;
        this.pause = pause;
    }

    @Override
    public void migrate(Flyway flyway) {
        awaitConnection(flyway);
        long deadline = System.nanoTime() + patienceForLocks.toNanos();
        while (true) {
            try {
                flyway.migrate();
                return;
            } catch (FlywayException e) {
                if (!SqlStates.LOCK_NOT_AVAILABLE.equals(sqlState(e))) {
                    throw explained(flyway, e);
                }
                if (System.nanoTime() - deadline > 0) {
                    throw locked(flyway);
                }
                log.warn("The migration waits for a lock, and makes way for others. Retrying automatically");
                sleep(pause);
            }
        }
    }

    /**
     * Returns once the database lets us in.
     *
     * @throws UnusableSettingException if it refuses to, at once, or cannot be reached for half a minute
     */
    private void awaitConnection(Flyway flyway) {
        long deadline = System.nanoTime() + patienceToConnect.toNanos();
        while (true) {
            try (Connection connection =
                    flyway.getConfiguration().getDataSource().getConnection()) {
                log.debug("Connected to {}", connection);
                return;
            } catch (SQLException e) {
                UnusableSettingException refused = refused(e);
                if (refused != null) {
                    throw refused;
                }
                boolean isLate = System.nanoTime() - deadline > 0;
                if (isLate && hasNoConnectionLeft(e)) {
                    throw new UnusableSettingException(
                            "The database has no connection left: " + sentence(e),
                            "Raise max_connections of PostgreSQL, or the limit of the login or of the database; or lower"
                                    + " vantage.datasource.reader.maximum-pool-size and"
                                    + " vantage.datasource.service.maximum-pool-size of each instance");
                }
                if (!mayPass(e) || isLate) {
                    throw new UnusableSettingException(
                            "The database cannot be reached: " + sentence(e),
                            "Start it, or correct spring.datasource.url (SPRING_DATASOURCE_URL), for example"
                                    + " jdbc:postgresql://localhost:5432/vantage");
                }
                log.warn("The database cannot be reached: {}. Retrying automatically", sentence(e));
                sleep(pause);
            }
        }
    }

    /** It is away, starting, or has no connection left. */
    private static boolean mayPass(SQLException e) {
        String state = String.valueOf(e.getSQLState());
        return state.startsWith("08") || state.startsWith("53") || state.startsWith("57");
    }

    private static boolean hasNoConnectionLeft(SQLException e) {
        return SqlStates.TOO_MANY_CONNECTIONS.equals(e.getSQLState());
    }

    /** What waiting does not change; null for what it may. */
    private static @Nullable UnusableSettingException refused(SQLException e) {
        String state = String.valueOf(e.getSQLState());
        if (state.startsWith("28")) {
            return new UnusableSettingException(
                    "The database refuses the login: " + sentence(e),
                    "Set spring.datasource.username and spring.datasource.password (SPRING_DATASOURCE_USERNAME,"
                            + " SPRING_DATASOURCE_PASSWORD) to a login that it accepts from here");
        }
        if (state.equals(SqlStates.UNDEFINED_DATABASE)) {
            return new UnusableSettingException(
                    "The database is not there: " + sentence(e),
                    "Create it, for example by `createdb vantage`, or name another in spring.datasource.url");
        }
        return null;
    }

    private static RuntimeException explained(Flyway flyway, FlywayException e) {
        for (Throwable cause = e; cause != null; cause = cause.getCause()) {
            if (cause instanceof UnusableSettingException) {
                return e;
            }
        }
        if (e instanceof FlywayValidateException) {
            return new UnusableSettingException(
                    "The database was migrated by other files than those of this release: " + firstLines(e),
                    "Start the release that migrated it, or a later one. To go back to this one, first undo the later"
                            + " migrations by their files in db/rollback");
        }
        String migration = e instanceof FlywayMigrateException failed && failed.getMigration() != null
                ? failed.getMigration().getScript()
                : "of the database";
        SQLException cause = sqlException(e);
        String reason = cause == null ? firstLines(e) : sentence(cause);
        if (SqlStates.PERMISSION_DENIED.equals(sqlState(e))) {
            return new UnusableSettingException(
                    "The login " + user(flyway) + " may not do what the migration " + migration + " does: " + reason,
                    "Run as a superuser: grant create on schema public to \"" + user(flyway) + "\"; alter role \""
                            + user(flyway)
                            + "\" createrole; or apply the files of db/migration by psql -f as a login that"
                            + " may, and start again");
        }
        return new UnusableSettingException(
                "The migration " + migration + " failed, and was rolled back: " + reason,
                "Put right what PostgreSQL names, and start again. The section Database of the README says on which"
                        + " databases the service starts");
    }

    private UnusableSettingException locked(Flyway flyway) {
        String holders = ask(flyway, HOLDERS);
        return new UnusableSettingException(
                "The migration did not get the lock of a table within " + patienceForLocks.toSeconds()
                        + " s; nothing was changed"
                        + (holders == null ? "" : ". Who uses the tables: " + holders),
                "Let that transaction end, or end it by select pg_terminate_backend(<pid>); and start again");
    }

    private static String user(Flyway flyway) {
        String user = ask(flyway, "select current_user");
        return user == null ? "?" : user;
    }

    private static @Nullable String ask(Flyway flyway, String query) {
        try {
            return new JdbcTemplate(flyway.getConfiguration().getDataSource()).queryForObject(query, String.class);
        } catch (DataAccessException e) {
            return null;
        }
    }

    private static @Nullable String sqlState(Throwable failure) {
        SQLException cause = sqlException(failure);
        return cause == null ? null : cause.getSQLState();
    }

    private static @Nullable SQLException sqlException(Throwable failure) {
        for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
            if (cause instanceof SQLException found) {
                return found;
            }
        }
        return null;
    }

    /** Without the position in a query that nobody sees, and the full stop that follows. */
    private static String sentence(SQLException e) {
        String first =
                String.valueOf(e.getMessage()).lines().findFirst().orElse("").strip();
        return first.endsWith(".") ? first.substring(0, first.length() - 1) : first;
    }

    private static String firstLines(FlywayException e) {
        return String.valueOf(e.getMessage())
                .lines()
                .map(String::strip)
                .filter(line ->
                        !line.isEmpty() && !line.toLowerCase(Locale.ROOT).startsWith("need more flexibility"))
                .limit(3)
                .reduce((first, second) -> first + " " + second)
                .orElse("");
    }

    private static void sleep(Duration time) {
        try {
            Thread.sleep(time.toMillis());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("Interrupted while the database was migrated", e);
        }
    }
}
