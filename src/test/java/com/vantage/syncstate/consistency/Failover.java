package com.vantage.syncstate.consistency;

import java.io.IOException;
import java.sql.SQLException;

/**
 * The primary falls silent, its connections open, and its standby is promoted in the end. It is found by a URL with both,
 * and whoever went on with a connection of the old one would get no answer.
 */
final class Failover implements DrillFault {

    private final DrillPostgres standby;

    Failover(DrillPostgres standby) {
        this.standby = standby;
    }

    /** A URL with both. */
    static String url(DrillPostgres primary, DrillPostgres standby) {
        return "jdbc:postgresql://127.0.0.1:%d,127.0.0.1:%d/postgres?targetServerType=primary"
                .formatted(primary.port(), standby.port());
    }

    @Override
    public String label() {
        return "the primary is gone, its standby takes over";
    }

    @Override
    public boolean restarts() {
        return true;
    }

    @Override
    public Undo begin(DrillPostgres primary) throws IOException, InterruptedException {
        primary.signal("STOP");
        return this::promote;
    }

    private void promote() throws SQLException {
        try (var connection = standby.connect();
                var statement = connection.createStatement()) {
            statement.execute("select pg_promote()");
        }
    }
}
