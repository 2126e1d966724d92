package com.vantage.syncstate.support;

import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.testcontainers.DockerClientFactory;
import org.testcontainers.postgresql.PostgreSQLContainer;

/**
 * One PostgreSQL for all tests: a container where a Docker engine answers, else the embedded one. The property {@code
 * vantage.test.database} ({@code auto}, {@code container}, {@code embedded}) insists on either.
 */
public final class TestDatabase {

    /** Owns the databases and may create roles; like a service's login, it is no superuser. */
    private static final String OWNER = "vantage_owner";

    private static final String PASSWORD = "owner-password";
    private static final Server SERVER = start();
    private static final AtomicInteger COUNT = new AtomicInteger();

    private TestDatabase() {}

    /** A new, empty database. */
    public static Address create() {
        return create(SERVER);
    }

    /** A server of its own, for tests of what belongs to the whole server. */
    public static Server server() {
        return start();
    }

    public static Address create(Server server) {
        String name = "test_" + COUNT.incrementAndGet();
        server.superuser("postgres")
                .execute("create database " + name + " owner " + OWNER + " template template0 encoding 'UTF8'");
        return new Address(server, name, OWNER, PASSWORD);
    }

    private static Server start() {
        String wanted = System.getProperty("vantage.test.database", "auto");
        boolean container = wanted.equals("container")
                || (wanted.equals("auto") && DockerClientFactory.instance().isDockerAvailable());
        return container ? prepare(container(), "container") : prepare(embedded(), "embedded");
    }

    /** Gives a new server the login of the tests, and prints its version. */
    static Server prepare(Server server, String kind) {
        server.superuser("postgres").execute("create role " + OWNER + " login createrole password '" + PASSWORD + "'");
        System.out.printf(
                "The tests run on PostgreSQL %s (%s)%n",
                server.superuser("postgres").query("show server_version"), kind);
        return server;
    }

    @SuppressWarnings("resource") // lives as long as the tests; the engine's reaper or the JVM's end removes it
    private static Server container() {
        var postgres = new PostgreSQLContainer("postgres:18-bookworm")
                .withUsername("postgres")
                .withPassword("postgres")
                .withCommand("postgres", "-c", "max_connections=300");
        postgres.start();
        Runtime.getRuntime().addShutdownHook(new Thread(postgres::stop));
        return new Server(postgres.getHost(), postgres.getMappedPort(5432), "postgres");
    }

    private static Server embedded() {
        try {
            return new Server(
                    "127.0.0.1",
                    EmbeddedPostgres.builder()
                            .setPort(Ports.free())
                            .setServerConfig("max_connections", "300")
                            .setPGStartupWait(Duration.ofSeconds(60))
                            .start()
                            .getPort(),
                    "postgres");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** A running server and its superuser's password. */
    public record Server(String host, int port, String password) {

        public Address superuser(String database) {
            return new Address(this, database, "postgres", password);
        }
    }

    /** A database of a server, and who logs in to it. */
    public record Address(Server server, String name, String username, String password) {

        public String url() {
            return "jdbc:postgresql://" + server.host() + ":" + server.port() + "/" + name;
        }

        public Address superuser() {
            return server.superuser(name);
        }

        public Connection connect() {
            try {
                return DriverManager.getConnection(url(), username, password);
            } catch (SQLException e) {
                throw new IllegalStateException(e);
            }
        }

        /** Runs a script of any number of statements, as psql would. */
        public void execute(String sql) {
            try (var connection = connect();
                    var statement = connection.createStatement()) {
                statement.execute(sql);
            } catch (SQLException e) {
                throw new IllegalStateException(e.getMessage(), e);
            }
        }

        /** The first column of the first row, as text; null where there is no row. */
        public @Nullable String query(String sql) {
            try (var connection = connect();
                    var statement = connection.createStatement();
                    var rows = statement.executeQuery(sql)) {
                return rows.next() ? rows.getString(1) : null;
            } catch (SQLException e) {
                throw new IllegalStateException(e.getMessage(), e);
            }
        }
    }
}
