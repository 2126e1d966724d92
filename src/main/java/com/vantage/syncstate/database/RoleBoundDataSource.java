package com.vantage.syncstate.database;

import com.vantage.syncstate.error.SqlStates;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.SQLFeatureNotSupportedException;
import java.time.Duration;
import java.util.Properties;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.jdbc.datasource.AbstractDataSource;

/**
 * Opens the connections of a pool, and returns none before its role and settings are proved.
 *
 * <p>They are start-up options where the server takes those, which survive {@code RESET ROLE} and {@code DISCARD ALL}. As
 * poolers refuse such options or drop them silently, they are also set once the connection is open.
 */
final class RoleBoundDataSource extends AbstractDataSource {

    private static final Logger log = LoggerFactory.getLogger(RoleBoundDataSource.class);

    /** What poolers say of start-up options: a protocol violation (PgBouncer), an unsupported feature. */
    private static final Set<String> OPTIONS_REFUSED =
            Set.of(SqlStates.PROTOCOL_VIOLATION, SqlStates.FEATURE_NOT_SUPPORTED);

    /** What PostgreSQL says of a role in them; set by a statement, it is refused with a reason. */
    private static final Set<String> ROLE_REFUSED =
            Set.of(SqlStates.PERMISSION_DENIED, SqlStates.INVALID_PARAMETER_VALUE);

    /** In the URL of several servers, of which the driver is to find the primary or a standby. */
    private static final String TARGET = "targetServerType=";

    private static final String LOGIN_TIMEOUT = "loginTimeout";

    /** The pool itself waits up to five seconds from one attempt to the next, after which a database is back long since. */
    private static final long BETWEEN_ATTEMPTS = Duration.ofMillis(200).toMillis();

    /** Past the statement timeout, and so early that the answer is there within three seconds; the URL knows only seconds. */
    private static final int NETWORK_TIMEOUT = 2_400;

    private static final String UNAVAILABLE = "unavailable";
    private static final long BETWEEN_REPORTS = Duration.ofMinutes(1).toNanos();

    private final String url;
    private final ConnectionBinding binding;
    private final ServerSessions sessions;
    private final Properties plain;
    private final Properties withOptions;

    private volatile int loginTimeout;
    private volatile boolean optionsRefused;
    private volatile @Nullable Connection latest;
    private volatile @Nullable Class<?> failing;
    private @Nullable String reported;
    private long reportedAt;

    /** @param properties of the driver, the login among them */
    RoleBoundDataSource(String url, Properties properties, ConnectionBinding binding, ServerSessions sessions) {
        this.url = url;
        this.binding = binding;
        this.sessions = sessions;
        this.plain = properties;
        this.withOptions = new Properties();
        withOptions.putAll(properties);
        withOptions.setProperty("options", binding.options());
        // The driver takes a primary for a standby where its transactions only read, as those of readers do by the
        // options.
        optionsRefused = url.contains(TARGET);
    }

    ConnectionBinding binding() {
        return binding;
    }

    /** Tries until there is one; the first failure of its kind is thrown, so that the pool knows the cause. */
    @Override
    public Connection getConnection() throws SQLException {
        while (true) {
            try {
                Connection connection = bound();
                failing = null;
                return connection;
            } catch (SQLException e) {
                report(e);
                if (!e.getClass().equals(failing)) {
                    failing = e.getClass();
                    throw e;
                }
                pause(e);
            }
        }
    }

    private static void pause(SQLException failure) throws SQLException {
        try {
            Thread.sleep(BETWEEN_ATTEMPTS);
        } catch (InterruptedException e) {
            // The pool is closed.
            Thread.currentThread().interrupt();
            throw failure;
        }
    }

    @Override
    public Connection getConnection(String username, String password) throws SQLException {
        throw new SQLFeatureNotSupportedException("A pool has one login");
    }

    /** The pool waits so long, for a connection to open and for one under way to end. */
    @Override
    public int getLoginTimeout() {
        return loginTimeout;
    }

    @Override
    public void setLoginTimeout(int seconds) {
        loginTimeout = seconds;
        plain.setProperty(LOGIN_TIMEOUT, Integer.toString(seconds));
        withOptions.setProperty(LOGIN_TIMEOUT, Integer.toString(seconds));
    }

    private Connection bound() throws SQLException {
        if (optionsRefused) {
            return bind(open(plain));
        }
        Connection connection;
        try {
            connection = open(withOptions);
        } catch (SQLException e) {
            String state = String.valueOf(e.getSQLState());
            if (!OPTIONS_REFUSED.contains(state) && !ROLE_REFUSED.contains(state)) {
                throw e;
            }
            connection = bind(open(plain));
            // Remembered, so that not every connection costs two attempts.
            optionsRefused = OPTIONS_REFUSED.contains(state);
            return connection;
        }
        return bind(connection);
    }

    private Connection open(Properties properties) throws SQLException {
        Connection connection = DriverManager.getConnection(url, properties);
        connection.setNetworkTimeout(Runnable::run, NETWORK_TIMEOUT);
        return connection;
    }

    private Connection bind(Connection connection) throws SQLException {
        try {
            String session = ServerSessions.of(connection);
            if (!sessions.claim(session, connection) || isShared(session)) {
                throw sharedSession();
            }
            binding.apply(connection);
            binding.prove(connection);
            if (!session.equals(ServerSessions.of(connection))) {
                throw sharedSession();
            }
            latest = connection;
            return connection;
        } catch (SQLException | RuntimeException e) {
            connection.close();
            throw e;
        }
    }

    /** Whether a second connection, opened where the pool has no other to compare with, has the same session. */
    private boolean isShared(String session) throws SQLException {
        Connection other = latest;
        if (other != null && !other.isClosed()) {
            return false;
        }
        try (Connection second = open(plain)) {
            return session.equals(ServerSessions.of(second));
        }
    }

    private UnboundConnectionException sharedSession() {
        return new UnboundConnectionException(
                "The pooler of the " + binding.pool() + " pool gives one database session to several connections"
                        + " (transaction pooling), where no role lasts. Use session pooling (PgBouncer: pool_mode ="
                        + " session; Supabase: port 5432), or connect to PostgreSQL directly");
    }

    /** Once a minute at most: it is tried many times a second. */
    private synchronized void report(SQLException failure) {
        boolean unbound = failure instanceof UnboundConnectionException;
        String kind = unbound ? String.valueOf(failure.getMessage()) : UNAVAILABLE;
        long now = System.nanoTime();
        if (kind.equals(reported) && now - reportedAt < BETWEEN_REPORTS) {
            return;
        }
        reported = kind;
        reportedAt = now;
        if (unbound) {
            log.error("{}. Until then requests get 503 and readiness is down. Retrying automatically", kind);
        } else {
            log.warn(
                    "No new connection for the {} pool: {}. Retrying automatically", binding.pool(), sentence(failure));
        }
    }

    private static String sentence(SQLException failure) {
        String first = String.valueOf(failure.getMessage())
                .lines()
                .findFirst()
                .orElse("")
                .strip();
        return first.endsWith(".") ? first.substring(0, first.length() - 1) : first;
    }
}
