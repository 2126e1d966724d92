package com.vantage.syncstate.database;

import java.sql.Connection;
import java.sql.SQLException;
import java.util.HashMap;
import java.util.Iterator;
import java.util.Map;

/**
 * Which open connection has which session of the server: where two have the same one, a pooler lends sessions out for a
 * transaction at a time, and no role that is set on one lasts.
 */
final class ServerSessions {

    private static final String IDENTITY = """
            select pg_catalog.pg_backend_pid() || '@' || extract(epoch from pg_catalog.pg_postmaster_start_time())
            """;

    private final Map<String, Connection> holders = new HashMap<>();

    /** The session that a connection has now, unlike that of any other server. */
    static String of(Connection connection) throws SQLException {
        try (var select = connection.createStatement();
                var rows = select.executeQuery(IDENTITY)) {
            rows.next();
            return rows.getString(1);
        }
    }

    /**
     * Records a connection's session.
     *
     * @return false if another open connection has it; that one is closed, as its role may be the other's by now
     */
    synchronized boolean claim(String session, Connection connection) throws SQLException {
        forgetClosed();
        Connection other = holders.putIfAbsent(session, connection);
        if (other == null) {
            return true;
        }
        holders.remove(session);
        other.abort(Runnable::run);
        return false;
    }

    private void forgetClosed() throws SQLException {
        for (Iterator<Connection> each = holders.values().iterator(); each.hasNext(); ) {
            if (each.next().isClosed()) {
                each.remove();
            }
        }
    }
}
