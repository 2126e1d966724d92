package com.vantage.syncstate.database;

import com.vantage.syncstate.error.SqlStates;
import java.util.function.Supplier;
import org.springframework.dao.DataAccessException;

/** Calls that a migration overtakes, which alters a table between the plan of a statement and its locks. */
public final class AlteredTable {

    private AlteredTable() {}

    /** Makes a call, and once more where the server undid it for its plan; the next one is planned anew. */
    public static <T> T again(Supplier<T> call) {
        try {
            return call.get();
        } catch (DataAccessException e) {
            if (!SqlStates.DATATYPE_MISMATCH.equals(ServerError.stateOf(e))) {
                throw e;
            }
            return call.get();
        }
    }
}
