package com.vantage.syncstate.support;

import com.vantage.syncstate.support.TestDatabase.Address;
import com.vantage.syncstate.support.TestDatabase.Server;
import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/** The PostgreSQL that is installed on this machine (Debian 12 has version 15): its programs, and servers of the tests' own. */
public final class InstalledPostgres {

    private static final Path DEBIAN = Path.of("/usr/lib/postgresql");

    /** The server refuses to run as root. */
    private static final List<String> UNPRIVILEGED =
            List.of("setpriv", "--reuid", "nobody", "--regid", "nogroup", "--clear-groups");

    private InstalledPostgres() {}

    /**
     * Starts a server that lives as long as the tests.
     *
     * @throws IllegalStateException naming the package to install, where there is none
     */
    public static Server start() {
        boolean root = System.getProperty("user.name").equals("root");
        List<String> user = root ? UNPRIVILEGED : List.of();
        try {
            Path directory = Files.createTempDirectory("postgresql");
            if (root) {
                Files.setOwner(
                        directory,
                        directory
                                .getFileSystem()
                                .getUserPrincipalLookupService()
                                .lookupPrincipalByName("nobody"));
            }
            Path data = directory.resolve("data");
            int port = Ports.free();
            run(user, "initdb", "-D", data, "-U", "postgres", "-A", "trust", "-E", "UTF8", "--locale=C.UTF-8");
            String options = "-p " + port + " -F -c listen_addresses=127.0.0.1 -c unix_socket_directories=''"
                    + " -c max_connections=200";
            run(user, "pg_ctl", "start", "-w", "-D", data, "-l", directory.resolve("log"), "-o", options);
            Runtime.getRuntime().addShutdownHook(new Thread(() -> {
                run(user, "pg_ctl", "stop", "-D", data, "-m", "immediate");
                delete(directory);
            }));
            return TestDatabase.prepare(new Server("127.0.0.1", port, "postgres"), "installed");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /**
     * Runs a script of bash for whom the database is the default of psql, pg_dump and the like, and returns what it
     * printed.
     *
     * @param variables of the script
     * @throws IllegalStateException with what it printed, if it fails
     */
    public static String run(Address database, String script, Map<String, String> variables) {
        var builder = new ProcessBuilder("bash", "-euo", "pipefail", "-c", script);
        builder.environment()
                .putAll(Map.of(
                        "PATH", programs() + File.pathSeparator + System.getenv("PATH"),
                        "PGHOST", database.server().host(),
                        "PGPORT", String.valueOf(database.server().port()),
                        "PGDATABASE", database.name(),
                        "PGUSER", database.username(),
                        "PGPASSWORD", database.password()));
        builder.environment().putAll(variables);
        return run(builder);
    }

    private static void run(List<String> user, String program, Object... arguments) {
        List<String> command = new ArrayList<>(user);
        command.add(programs().resolve(program).toString());
        Stream.of(arguments).map(String::valueOf).forEach(command::add);
        run(new ProcessBuilder(command).directory(new File("/")));
    }

    private static String run(ProcessBuilder builder) {
        try {
            // A file, as the server that pg_ctl leaves behind would hold a pipe open.
            Path output = Files.createTempFile("program", ".log");
            Process process = builder.redirectErrorStream(true)
                    .redirectOutput(output.toFile())
                    .start();
            boolean ended = process.waitFor(2, TimeUnit.MINUTES);
            process.destroyForcibly();
            String printed = Files.readString(output);
            Files.delete(output);
            if (!ended || process.exitValue() != 0) {
                throw new IllegalStateException(builder.command() + " failed:\n" + printed);
            }
            return printed;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    /** Of several versions the oldest, as the newest is what all other tests run on. */
    private static Path programs() {
        Stream<Path> debian = Stream.of(
                        Files.isDirectory(DEBIAN) ? DEBIAN.toFile().listFiles() : new File[0])
                .filter(version -> version.getName().matches("\\d+"))
                .sorted(Comparator.comparingInt(version -> Integer.parseInt(version.getName())))
                .map(version -> version.toPath().resolve("bin"));
        Stream<Path> path =
                Stream.of(System.getenv("PATH").split(File.pathSeparator)).map(Path::of);
        return Stream.concat(debian, path)
                .filter(directory -> Stream.of("initdb", "pg_ctl", "psql", "pg_dump")
                        .allMatch(program -> Files.isExecutable(directory.resolve(program))))
                .findFirst()
                .orElseThrow(() -> new IllegalStateException("The tests of existing databases and of backups need the"
                        + " server and the programs of PostgreSQL. Debian: apt-get install postgresql"));
    }

    private static void delete(Path directory) {
        try (Stream<Path> files = Files.walk(directory)) {
            files.sorted(Comparator.reverseOrder()).map(Path::toFile).forEach(File::delete);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
