package com.vantage.syncstate.consistency;

import com.vantage.syncstate.VantageSyncStateApplication;
import com.vantage.syncstate.support.ApiClient;
import java.io.IOException;
import java.lang.ProcessBuilder.Redirect;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** An instance of the service in a process of its own, on 127.0.0.1, that can be killed and started again. */
final class DrillService {

    /** Of those who mean no good, so that what they share with nobody else is theirs alone. */
    static final String HOSTILE_KEY = "hostile";

    private static final String KEY = "drill";

    private static final int DEFAULT_HEAP = 256;

    private final Path log;
    private final int port;
    private final String database;
    private final int heap;
    private final String classPath;
    private final List<String> settings;
    private Process process;

    DrillService(Path directory, int port, String database, String... settings) throws IOException {
        this(directory, port, database, DEFAULT_HEAP, System.getProperty("java.class.path"), settings);
    }

    /** @param heap in MiB */
    DrillService(Path directory, int port, String database, int heap, String classPath, String... settings)
            throws IOException {
        this.log = directory.resolve("service-" + port + ".log");
        this.port = port;
        this.database = database;
        this.heap = heap;
        this.classPath = classPath;
        this.settings = List.of(settings);
        Runtime.getRuntime().addShutdownHook(new Thread(this::kill));
        start();
    }

    ApiClient api() {
        return ApiClient.at("http://127.0.0.1:" + port).key(KEY).within(Duration.ofSeconds(10));
    }

    /** Where it says whether it lives, if that is a port of its own. */
    ApiClient actuator(int management) {
        return ApiClient.at("http://127.0.0.1:" + management).within(Duration.ofSeconds(10));
    }

    void start() throws IOException {
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                // Up sooner, on less.
                "-XX:TieredStopAtLevel=1",
                "-XX:+UseSerialGC",
                "-Xmx" + heap + "m",
                "-cp",
                classPath,
                VantageSyncStateApplication.class.getName(),
                "--server.address=127.0.0.1",
                "--server.port=" + port,
                "--spring.datasource.url=" + database,
                "--spring.datasource.username=postgres",
                "--vantage.keys.service=" + KEY + "," + HOSTILE_KEY,
                "--logging.level.com.vantage=warn"));
        command.addAll(settings);
        process = new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(Redirect.appendTo(log.toFile()))
                .start();
    }

    /** Returns once it answers from its database. */
    void awaitReady() throws IOException, InterruptedException {
        await(api(), "/sync-states");
    }

    /** Returns once it says that it lives on a port of its own, which opens after the other. */
    void awaitAlive(int management) throws IOException, InterruptedException {
        await(actuator(management), "/actuator/health/liveness");
    }

    private void await(ApiClient api, String path) throws IOException, InterruptedException {
        long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(180);
        while (!answers(api, path)) {
            if (System.nanoTime() > deadline || !process.isAlive()) {
                throw new IllegalStateException("The service did not start:\n" + Files.readString(log));
            }
            TimeUnit.MILLISECONDS.sleep(100);
        }
    }

    int port() {
        return port;
    }

    long pid() {
        return process.pid();
    }

    /** Asks it to end, as an orchestrator does. */
    void terminate() {
        process.destroy();
    }

    /** Waits until it has ended; whether it has in so long. */
    boolean hasEnded(Duration limit) throws InterruptedException {
        return process.waitFor(limit.toMillis(), TimeUnit.MILLISECONDS);
    }

    void kill() {
        process.destroyForcibly();
    }

    private static boolean answers(ApiClient api, String path) {
        try {
            return api.get(path).status() == 200;
        } catch (IllegalStateException e) {
            return false;
        }
    }
}
