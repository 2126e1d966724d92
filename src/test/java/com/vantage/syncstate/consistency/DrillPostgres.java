package com.vantage.syncstate.consistency;

import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.lang.ProcessBuilder.Redirect;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.springframework.util.FileSystemUtils;

/** A durable PostgreSQL in processes of its own, on 127.0.0.1, that can be killed and started again on its data. */
final class DrillPostgres {

    private static final String A_BACKEND_OF_THE_SERVICE = """
            select pid
            from pg_stat_activity
            where backend_type = 'client backend' and application_name like 'vantage-sync-state%'
            order by random()
            limit 1
            """;

    private static final String DURABLE =
            "select current_setting('fsync')::boolean and current_setting('synchronous_commit') = 'on'";

    private static final List<String> SETTINGS = List.of(
            "fsync=on",
            "synchronous_commit=on",
            "full_page_writes=on",
            "listen_addresses=127.0.0.1",
            "unix_socket_directories=",
            "max_connections=100",
            "timezone=UTC");

    private final Path directory;
    private final String program;
    private final int port;
    private final Map<String, String> environment;
    private final List<String> settings = new ArrayList<>(SETTINGS);
    private Process postmaster;

    /** Makes a data directory and starts on it. */
    DrillPostgres(Path directory, int port) throws IOException, InterruptedException {
        this(directory, port, Map.of());
    }

    /**
     * As above.
     *
     * @param environment of its processes, besides that of the drill
     * @param more settings of it
     */
    DrillPostgres(Path directory, int port, Map<String, String> environment, String... more)
            throws IOException, InterruptedException {
        this.directory = directory;
        this.port = port;
        this.environment = environment;
        settings.addAll(List.of(more));
        try (var embedded = EmbeddedPostgres.builder()
                .setPort(port)
                .setDataDirectory(data())
                .setCleanDataDirectory(false)
                .setPGStartupWait(Duration.ofSeconds(60))
                .start()) {
            program = programOf(embedded);
        }
        Runtime.getRuntime().addShutdownHook(new Thread(this::kill));
        start();
    }

    private DrillPostgres(DrillPostgres primary, Path directory, int port) throws IOException, InterruptedException {
        this.directory = directory;
        this.port = port;
        environment = Map.of();
        program = primary.program;
        primary.stop();
        Files.createDirectories(directory);
        FileSystemUtils.copyRecursively(primary.data(), data());
        Files.setPosixFilePermissions(data(), PosixFilePermissions.fromString("rwx------"));
        Files.createFile(data().resolve("standby.signal"));
        settings.add("primary_conninfo=host=127.0.0.1 user=postgres port=" + primary.port);
        Runtime.getRuntime().addShutdownHook(new Thread(this::kill));
        primary.start();
        start();
    }

    /** Starts another that follows this one, from a copy of its data; this one is stopped meanwhile. */
    DrillPostgres standby(Path directory, int port) throws IOException, InterruptedException {
        return new DrillPostgres(this, directory, port);
    }

    int port() {
        return port;
    }

    String url() {
        return "jdbc:postgresql://127.0.0.1:" + port + "/postgres";
    }

    Connection connect() throws SQLException {
        return DriverManager.getConnection(url(), "postgres", "");
    }

    /** Returns once it takes connections. */
    void start() throws IOException, InterruptedException {
        launch();
        awaitConnections();
    }

    /** Waits while it recovers; a postmaster that ended because processes of the one before were left is tried again. */
    void awaitConnections() throws IOException, InterruptedException {
        long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(60);
        while (!takesConnections()) {
            if (System.nanoTime() > deadline) {
                throw new IllegalStateException("PostgreSQL did not start:\n" + Files.readString(log()));
            }
            TimeUnit.MILLISECONDS.sleep(50);
            if (!postmaster.isAlive()) {
                launch();
            }
        }
    }

    void kill() {
        postmaster.destroyForcibly();
    }

    /** Stops it as an administrator would, without waiting for those who are connected; returns when it has. */
    void stop() throws IOException, InterruptedException {
        signal(List.of(postmaster.pid()), "INT");
        postmaster.waitFor();
    }

    /** Sends a signal to all of its processes. */
    void signal(String name) throws IOException, InterruptedException {
        signal(
                Stream.concat(Stream.of(postmaster.toHandle()), postmaster.descendants())
                        .map(ProcessHandle::pid)
                        .toList(),
                name);
    }

    private static void signal(List<Long> processes, String name) throws IOException, InterruptedException {
        List<String> command = new ArrayList<>(List.of("kill", "-" + name));
        processes.forEach(process -> command.add(Long.toString(process)));
        new ProcessBuilder(command).start().waitFor();
    }

    /** Kills all of it, and returns when nothing writes to its directory any more. */
    void end() {
        List<ProcessHandle> all = Stream.concat(Stream.of(postmaster.toHandle()), postmaster.children())
                .toList();
        all.forEach(ProcessHandle::destroyForcibly);
        all.forEach(process -> process.onExit().join());
    }

    /** Kills a process that works for the service, upon which PostgreSQL ends all of them and recovers. */
    void killBackend() throws SQLException {
        long backend;
        try (var connection = connect();
                var statement = connection.createStatement();
                var rows = statement.executeQuery(A_BACKEND_OF_THE_SERVICE)) {
            if (!rows.next()) {
                throw new IllegalStateException("The service has no connection");
            }
            backend = rows.getLong(1);
        }
        postmaster.children().filter(process -> process.pid() == backend).forEach(ProcessHandle::destroyForcibly);
    }

    private void launch() throws IOException {
        List<String> command = new ArrayList<>();
        if (System.getProperty("user.name").equals("root")) {
            // PostgreSQL refuses to run as root.
            command.addAll(List.of("unshare", "-U"));
        }
        command.addAll(List.of(program, "-D", data().toString(), "-p", Integer.toString(port)));
        settings.forEach(setting -> command.addAll(List.of("-c", setting)));
        var builder =
                new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(Redirect.appendTo(log().toFile()));
        builder.environment().putAll(environment);
        postmaster = builder.start();
    }

    private boolean takesConnections() {
        try (var connection = connect();
                var statement = connection.createStatement();
                var rows = statement.executeQuery(DURABLE)) {
            if (rows.next() && rows.getBoolean(1)) {
                return true;
            }
        } catch (SQLException e) {
            return false;
        }
        throw new IllegalStateException("PostgreSQL does not run durable");
    }

    /** The library unpacks its binaries once a JVM and does not say where to; the process does. */
    private String programOf(EmbeddedPostgres embedded) throws IOException {
        String pid = Files.readAllLines(data().resolve("postmaster.pid")).get(0).strip();
        return ProcessHandle.of(Long.parseLong(pid))
                .flatMap(process -> process.info().command())
                .orElseThrow(() -> new IllegalStateException("No process " + pid + " of " + embedded));
    }

    private Path data() {
        return directory.resolve("data");
    }

    private Path log() {
        return directory.resolve("postgresql.log");
    }
}
