package com.vantage.syncstate.consistency;

import java.io.IOException;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;

/** What goes wrong with any database now and then. */
enum DatabaseFault implements DrillFault {
    FROZEN("PostgreSQL is frozen", false) {
        @Override
        public Undo begin(DrillPostgres postgres) throws IOException, InterruptedException {
            postgres.signal("STOP");
            return () -> postgres.signal("CONT");
        }
    },
    RESTARTED("PostgreSQL is restarted", true) {
        @Override
        public Undo begin(DrillPostgres postgres) throws IOException, InterruptedException {
            postgres.stop();
            return postgres::start;
        }
    },
    KILLED("PostgreSQL is killed", true) {
        @Override
        public Undo begin(DrillPostgres postgres) {
            postgres.kill();
            return postgres::start;
        }
    },
    FULL("no connection is left", false) {
        @Override
        public Undo begin(DrillPostgres postgres) throws SQLException {
            List<Connection> taken = new ArrayList<>();
            taken.add(postgres.connect());
            try (Statement statement = taken.get(0).createStatement()) {
                statement.execute(THOSE_OF_THE_SERVICE_ENDED);
            }
            // The service takes some anew in between: it goes on with those, and does not get more.
            for (SQLException full = null; full == null; ) {
                try {
                    taken.add(postgres.connect());
                } catch (SQLException e) {
                    full = e;
                }
            }
            return () -> {
                for (Connection connection : taken) {
                    connection.close();
                }
            };
        }
    },
    LOCKED("a migration holds the state", false) {
        @Override
        public Undo begin(DrillPostgres postgres) throws SQLException {
            Connection migration = postgres.connect();
            migration.setAutoCommit(false);
            try (Statement statement = migration.createStatement()) {
                statement.execute("lock table public.vantage_sync_state in access exclusive mode");
            }
            return migration::close;
        }
    },
    REVOKED("the grants of the readers are gone", false) {
        @Override
        public Undo begin(DrillPostgres postgres) throws SQLException {
            execute(postgres, "revoke select on public.vantage_sync_state from authenticated");
            return () -> execute(postgres, "grant select on public.vantage_sync_state to authenticated");
        }
    };

    private static final String THOSE_OF_THE_SERVICE_ENDED =
            "select pg_terminate_backend(pid) from pg_stat_activity where application_name like 'vantage-sync-state%'";

    private final String label;
    private final boolean restarts;

    DatabaseFault(String label, boolean restarts) {
        this.label = label;
        this.restarts = restarts;
    }

    @Override
    public String label() {
        return label;
    }

    @Override
    public boolean restarts() {
        return restarts;
    }

    private static void execute(DrillPostgres postgres, String sql) throws SQLException {
        try (Connection connection = postgres.connect();
                Statement statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }
}
