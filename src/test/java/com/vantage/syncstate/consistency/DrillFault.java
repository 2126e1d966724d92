package com.vantage.syncstate.consistency;

import java.io.IOException;
import java.sql.SQLException;

/** What goes wrong with the database in a drill, for a while, and how it is put right. */
interface DrillFault {

    String label();

    /** Whether PostgreSQL starts anew in the end, which takes its time. */
    default boolean restarts() {
        return false;
    }

    /** Whether the clock of PostgreSQL is set. */
    default boolean movesClock() {
        return false;
    }

    /** Begins it, and returns what ends it. */
    Undo begin(DrillPostgres postgres) throws IOException, InterruptedException, SQLException;

    /** Puts right what went wrong. */
    interface Undo {

        void run() throws IOException, InterruptedException, SQLException;
    }
}
