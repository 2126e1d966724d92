package com.vantage.syncstate.database;

import com.vantage.syncstate.error.SqlStates;
import java.sql.Array;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * The role and the settings that each connection of a pool has before its first use.
 *
 * @param pool name of the pool
 * @param login who connects
 * @param role that statements run as
 * @param settings by PostgreSQL's names, with their values as PostgreSQL shows them
 */
record ConnectionBinding(String pool, String login, String role, Map<String, String> settings) {

    private static final String SET = """
            select pg_catalog.set_config(setting.name, setting.value, false)
            from unnest(?, ?) as setting (name, value)
            """;

    private static final String SHOW = """
            select current_user::text, array(
              select pg_catalog.current_setting(setting.name, true)
              from unnest(?) with ordinality as setting (name, position)
              order by setting.position)
            """;

    ConnectionBinding {
        settings = Collections.unmodifiableMap(new LinkedHashMap<>(settings));
    }

    static ConnectionBinding reader(String login) {
        Map<String, String> settings = settings(DatabaseRole.AUTHENTICATED);
        settings.put("default_transaction_read_only", "on");
        return new ConnectionBinding("reader", login, DatabaseRole.AUTHENTICATED, settings);
    }

    static ConnectionBinding service(String login) {
        return new ConnectionBinding("service", login, DatabaseRole.SERVICE_ROLE, settings(DatabaseRole.SERVICE_ROLE));
    }

    private static Map<String, String> settings(String role) {
        Map<String, String> settings = new LinkedHashMap<>();
        settings.put("role", role);
        settings.put("statement_timeout", "2200ms");
        settings.put("lock_timeout", "2s");
        // Where statistics are still missing, PostgreSQL would compile a list for longer than it takes to read it.
        settings.put("jit", "off");
        // Times without an offset are UTC on every machine; the driver sends the machine's own zone.
        settings.put("TimeZone", "UTC");
        return settings;
    }

    /** The settings as a start-up option, which {@code RESET ROLE} and {@code DISCARD ALL} go back to. */
    String options() {
        return settings.entrySet().stream()
                .map(setting -> "-c " + setting.getKey() + "=" + setting.getValue())
                .collect(Collectors.joining(" "));
    }

    /**
     * Sets the role and the settings.
     *
     * @throws UnboundConnectionException where the database refuses the role
     */
    void apply(Connection connection) throws SQLException {
        try (var set = connection.prepareStatement(SET)) {
            set.setArray(1, text(connection, settings.keySet()));
            set.setArray(2, text(connection, settings.values()));
            set.execute();
        } catch (SQLException e) {
            throw switch (String.valueOf(e.getSQLState())) {
                case SqlStates.PERMISSION_DENIED ->
                    new UnboundConnectionException(
                            "The login %s of the %s pool is not a member of %s. Run: grant %3$s to \"%1$s\""
                                    .formatted(login, pool, role));
                case SqlStates.INVALID_PARAMETER_VALUE ->
                    new UnboundConnectionException(
                            "The database refused the role %s of the %s pool (%s). Apply the migrations, which create it"
                                    .formatted(role, pool, e.getMessage()));
                default -> e;
            };
        }
    }

    /**
     * Checks the role and the settings, in a statement of its own.
     *
     * @throws UnboundConnectionException naming each that is not as it should be
     */
    void prove(Connection connection) throws SQLException {
        Map<String, String> expected = new LinkedHashMap<>(settings);
        if (settings.containsKey("default_transaction_read_only")) {
            expected.put("transaction_read_only", "on");
        }
        List<String> wrong = new ArrayList<>();
        try (var show = connection.prepareStatement(SHOW)) {
            show.setArray(1, text(connection, expected.keySet()));
            try (var rows = show.executeQuery()) {
                rows.next();
                compare("current_user", role, rows.getString(1), wrong);
                var actual = List.of((Object[]) rows.getArray(2).getArray()).iterator();
                expected.forEach((name, value) -> compare(name, value, String.valueOf(actual.next()), wrong));
            }
        }
        if (!wrong.isEmpty()) {
            throw new UnboundConnectionException(
                    ("A connection of the %s pool does not have its settings: %s. If there is"
                                    + " a pooler in between, use session pooling (PgBouncer: pool_mode = session), or connect"
                                    + " to PostgreSQL directly")
                            .formatted(pool, String.join(", ", wrong)));
        }
    }

    private static void compare(String name, String expected, String actual, List<String> wrong) {
        if (!expected.equals(actual)) {
            wrong.add("%s is '%s' instead of '%s'".formatted(name, actual, expected));
        }
    }

    private static Array text(Connection connection, Collection<String> values) throws SQLException {
        return connection.createArrayOf("text", values.toArray());
    }
}
