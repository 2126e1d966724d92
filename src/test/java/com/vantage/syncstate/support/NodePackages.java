package com.vantage.syncstate.support;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/** What the tests take from npm, named in {@code src/test/js}, installed into {@code target/js} by npm, once. */
public final class NodePackages {

    public static final Path DIRECTORY = Path.of("target", "js").toAbsolutePath();

    private static final Path SOURCE = Path.of("src", "test", "js");
    private static final int MIN_NODE_VERSION = 18;

    private NodePackages() {}

    /** Installs what the lock file names, unless that is there; tests in other JVMs wait for it. */
    public static synchronized void install() {
        requireNode();
        try {
            Files.createDirectories(DIRECTORY);
            try (var lock =
                    FileChannel.open(DIRECTORY.resolve(".lock"), StandardOpenOption.CREATE, StandardOpenOption.WRITE)) {
                lock.lock();
                installUnlessThere();
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static void installUnlessThere() throws IOException {
        Path done = DIRECTORY.resolve("node_modules").resolve(".installed");
        boolean current = Files.exists(done) && isCopied(SOURCE.resolve("package-lock.json"));
        try (Stream<Path> files = Files.list(SOURCE)) {
            for (Path file : files.filter(Files::isRegularFile).toList()) {
                if (!isCopied(file)) {
                    Files.copy(file, copy(file), StandardCopyOption.REPLACE_EXISTING);
                }
            }
        }
        if (!current) {
            Ended npm = run(List.of("npm", "ci", "--ignore-scripts", "--no-audit", "--no-fund"), Map.of(), 300);
            if (npm.code() != 0) {
                throw new IllegalStateException("npm ci ended with " + npm.code() + ":\n" + npm.output());
            }
            Files.createFile(done);
        }
    }

    private static Path copy(Path file) {
        return DIRECTORY.resolve(file.getFileName().toString());
    }

    private static boolean isCopied(Path file) throws IOException {
        return Files.exists(copy(file)) && Files.mismatch(copy(file), file) < 0;
    }

    /** Runs a command among the clients and waits for its end. */
    public static Ended run(List<String> command, Map<String, String> environment, int seconds) {
        return run(command, DIRECTORY, environment, seconds);
    }

    /** Runs a command in a directory and waits for its end. */
    public static Ended run(List<String> command, Path directory, int seconds) {
        return run(command, directory, Map.of(), seconds);
    }

    private static Ended run(List<String> command, Path directory, Map<String, String> environment, int seconds) {
        try {
            Path output = Files.createTempFile("client", ".log");
            var builder = new ProcessBuilder(command)
                    .directory(directory.toAbsolutePath().toFile())
                    .redirectErrorStream(true)
                    .redirectOutput(output.toFile());
            builder.environment().putAll(environment);
            Process process = builder.start();
            if (!process.waitFor(seconds, TimeUnit.SECONDS)) {
                process.destroyForcibly();
                throw new IllegalStateException(
                        command + " did not end in " + seconds + " s:\n" + Files.readString(output));
            }
            String printed = Files.readString(output);
            Files.delete(output);
            return new Ended(process.exitValue(), printed);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    /**
     * Does nothing where a fitting Node.js is on the path.
     *
     * @throws IllegalStateException naming the packages to install, where there is none
     */
    public static void requireNode() {
        String found;
        try {
            var process = new ProcessBuilder("node", "--version")
                    .redirectErrorStream(true)
                    .start();
            found = new String(process.getInputStream().readAllBytes(), java.nio.charset.StandardCharsets.UTF_8)
                    .strip();
        } catch (IOException e) {
            found = "none";
        }
        int major = found.matches("v\\d+\\..*") ? Integer.parseInt(found.substring(1, found.indexOf('.'))) : 0;
        if (major < MIN_NODE_VERSION) {
            throw new IllegalStateException("The tests with supabase-js, and those of the page, need Node.js "
                    + MIN_NODE_VERSION + " or newer and npm on the path; found: " + found
                    + ". Debian: apt-get install nodejs npm");
        }
    }

    /** How a command ended. */
    public record Ended(int code, String output) {}
}
