package com.vantage.syncstate.error;

import java.util.Set;
import org.jspecify.annotations.Nullable;

/** What the SQLSTATEs of PostgreSQL mean here: one table for the REST API and for {@code /rest/v1}. */
public final class SqlStates {

    public static final String PERMISSION_DENIED = "42501";
    public static final String INVALID_PARAMETER_VALUE = "22023";
    public static final String DIVISION_BY_ZERO = "22012";
    public static final String FOREIGN_KEY_VIOLATION = "23503";
    public static final String UNIQUE_VIOLATION = "23505";
    public static final String CHECK_VIOLATION = "23514";
    public static final String READ_ONLY_TRANSACTION = "25006";
    public static final String DATATYPE_MISMATCH = "42804";
    public static final String UNDEFINED_COLUMN = "42703";
    public static final String UNDEFINED_TABLE = "42P01";

    public static final String UNDEFINED_DATABASE = "3D000";

    /** For the server, the database or the role. */
    public static final String TOO_MANY_CONNECTIONS = "53300";

    /** Or operator. */
    public static final String UNDEFINED_FUNCTION = "42883";

    /** By the statement timeout, or by an administrator. */
    public static final String QUERY_CANCELED = "57014";

    /** Within the lock timeout. */
    public static final String LOCK_NOT_AVAILABLE = "55P03";

    public static final String STATEMENT_COMPLETION_UNKNOWN = "40003";

    public static final String PROGRAM_LIMIT_EXCEEDED = "54000";

    /** What poolers say of start-up options. */
    public static final String PROTOCOL_VIOLATION = "08P01";

    public static final String FEATURE_NOT_SUPPORTED = "0A000";
    public static final String CONNECTION_REJECTED = "08004";

    /** Where the driver names none, it had no connection to hear one from. */
    public static final String CONNECTION_EXCEPTION = "08000";

    /** By a function of somebody else, without a code of its own. */
    public static final String RAISE_EXCEPTION = "P0001";

    private static final Set<String> UNAVAILABLE_CLASSES = Set.of("08", "25", "28", "3D", "40", "53", "57", "58");

    private SqlStates() {}

    /**
     * The status of an answer that reports the error. As PostgREST has it, but what is transient is 503, which is safe to
     * repeat, and what the caller can fix is 400.
     */
    public static int httpStatus(String state) {
        if (state.matches("PT[1-5][0-9][0-9]")) {
            return Integer.parseInt(state.substring(2));
        }
        if (isUnavailable(state)) {
            return 503;
        }
        return switch (state) {
            case PERMISSION_DENIED -> 403;
            case UNDEFINED_FUNCTION, UNDEFINED_TABLE -> 404;
            case FOREIGN_KEY_VIOLATION, UNIQUE_VIOLATION -> 409;
            case RAISE_EXCEPTION -> 400;
            default ->
                switch (classOf(state)) {
                    case "P0", "XX", "F0" -> 500;
                    default -> 400;
                };
        };
    }

    /**
     * Whether the same call may succeed later: lost or refused connections, a server that starts, stops, is full,
     * read-only or too slow, a lock that another holds, and deadlocks.
     */
    public static boolean isUnavailable(String state) {
        return state.equals(LOCK_NOT_AVAILABLE) || UNAVAILABLE_CLASSES.contains(classOf(state));
    }

    /**
     * Whether the server says that nothing was applied, for a reason that may have lain in what else the statement did.
     * Where it is out of reach or stops, it may have committed before it said so.
     */
    public static boolean isRolledBack(@Nullable String state) {
        if (state == null || state.equals(STATEMENT_COMPLETION_UNKNOWN)) {
            return false;
        }
        return !isUnavailable(state)
                || state.equals(LOCK_NOT_AVAILABLE)
                || classOf(state).equals("40");
    }

    /** Whether a value does not fit its type: the caller can put it right. */
    public static boolean isDataException(String state) {
        return classOf(state).equals("22");
    }

    private static String classOf(String state) {
        return state.substring(0, 2);
    }
}
