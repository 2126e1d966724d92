package com.vantage.syncstate.support;

import com.vantage.syncstate.support.TestDatabase.Address;
import com.vantage.syncstate.support.TestDatabase.Server;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.awaitility.Awaitility;

/** PgBouncer of this machine before a test's database, on a port of its own. */
public final class PgBouncer implements AutoCloseable {

    private static final List<String> UNPRIVILEGED =
            List.of("setpriv", "--reuid", "nobody", "--regid", "nogroup", "--clear-groups");

    private final Process process;
    private final Address address;
    private final Path directory;

    private PgBouncer(Process process, Address address, Path directory) {
        this.process = process;
        this.address = address;
        this.directory = directory;
    }

    /**
     * Starts one.
     *
     * @param settings lines of its configuration, as {@code pool_mode = session}
     * @throws IllegalStateException naming the package to install, where there is none
     */
    public static PgBouncer before(Address database, String... settings) throws IOException {
        Path directory = Files.createTempDirectory("pgbouncer");
        int port = Ports.free();
        Path users = readable(directory.resolve("users.txt"), """
                "%s" "%s"
                """.formatted(database.username(), database.password()));
        Path configuration = readable(directory.resolve("pgbouncer.ini"), """
                [databases]
                * = host=%s port=%d
                [pgbouncer]
                listen_addr = 127.0.0.1
                listen_port = %d
                unix_socket_dir =
                auth_type = scram-sha-256
                auth_file = %s
                default_pool_size = 40
                %s
                """.formatted(
                        database.server().host(), database.server().port(), port, users, String.join("\n", settings)));
        Files.setPosixFilePermissions(directory, PosixFilePermissions.fromString("rwxr-xr-x"));
        // It refuses to run as root.
        List<String> command =
                new ArrayList<>(System.getProperty("user.name").equals("root") ? UNPRIVILEGED : List.of());
        command.addAll(List.of(installed(), configuration.toString()));
        Path log = directory.resolve("log");
        Process process = new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(log.toFile())
                .start();
        var server = new Server("127.0.0.1", port, database.server().password());
        var address = new Address(server, database.name(), database.username(), database.password());
        try {
            Awaitility.await()
                    .atMost(Duration.ofSeconds(10))
                    .ignoreExceptions()
                    .until(() -> "1".equals(address.query("select 1")));
        } catch (RuntimeException e) {
            process.destroyForcibly();
            throw new IllegalStateException("PgBouncer did not start:\n" + Files.readString(log), e);
        }
        return new PgBouncer(process, address, directory);
    }

    /** The database, through it. */
    public Address address() {
        return address;
    }

    @Override
    public void close() throws IOException {
        process.destroy();
        try {
            if (!process.waitFor(10, TimeUnit.SECONDS)) {
                process.destroyForcibly();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        for (String file : List.of("users.txt", "pgbouncer.ini", "log")) {
            Files.deleteIfExists(directory.resolve(file));
        }
        Files.delete(directory);
    }

    private static Path readable(Path file, String text) throws IOException {
        Files.writeString(file, text);
        return Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-r--r--"));
    }

    /** Debian keeps it where only root's path leads. */
    private static String installed() {
        String path = System.getenv("PATH") + ":/usr/sbin:/usr/local/sbin";
        return Stream.of(path.split(":"))
                .map(directory -> Path.of(directory, "pgbouncer"))
                .filter(Files::isExecutable)
                .findFirst()
                .orElseThrow(() -> new IllegalStateException(
                        "The tests of poolers need PgBouncer on the path. Debian: apt-get install pgbouncer"))
                .toString();
    }
}
