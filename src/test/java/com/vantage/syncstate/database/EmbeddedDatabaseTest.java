package com.vantage.syncstate.database;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.vantage.syncstate.VantageSyncStateApplication;
import com.vantage.syncstate.support.ApiClient;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestInstance.Lifecycle;
import org.junit.jupiter.api.io.TempDir;

/** The service as the README starts it, in a process of its own: what it prints, and what outlives its end. */
@TestInstance(Lifecycle.PER_CLASS)
class EmbeddedDatabaseTest {

    private static final Pattern EXPORT = Pattern.compile("export (\\w+)=(\\S+)");

    @TempDir
    private static Path directory;

    private Process process;
    private Path output;

    /** Once for all tests, of which each leaves it running. */
    @BeforeAll
    void start() throws IOException {
        launch();
    }

    @AfterAll
    void end() throws InterruptedException {
        process.destroy();
        process.waitFor(30, TimeUnit.SECONDS);
    }

    @Test
    void keepsItsDataThroughAStopAndThroughAKill() throws Exception {
        assertThat(reader().get("/sync-states").status()).isEqualTo(200);
        assertThat(service().post("/sync-states/accounts/start").text("last_sync_status"))
                .isEqualTo("running");
        String keys = Files.readString(directory.resolve("keys.properties"));

        process.destroy();
        assertThat(process.waitFor(20, TimeUnit.SECONDS)).isTrue();
        launch();
        assertThat(status()).isEqualTo("running");

        service().post("/sync-states/accounts/complete", "{}");
        process.destroyForcibly().waitFor();
        launch();
        assertThat(status()).isEqualTo("success");

        assertThat(Files.readString(directory.resolve("keys.properties"))).isEqualTo(keys);
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(directory.resolve("keys.properties"))))
                .isEqualTo("rw-------");
    }

    @Test
    void isDurableAndRefusesToShareItsDirectory() throws Exception {
        Path secondOutput = directory.resolve("second.log");
        Process second = launch(secondOutput);

        assertThat(second.waitFor(90, TimeUnit.SECONDS)).isTrue();

        assertThat(second.exitValue()).isNotZero();
        assertThat(Files.readString(secondOutput))
                .contains("Another instance runs on vantage.embedded.directory")
                .contains("spring.datasource.url");
        assertThat(reader().get("/sync-states/funds").text("last_sync_status")).isEqualTo("never_run");
        // PostgreSQL takes the last of settings that contradict each other; -F, which turns fsync off, is the
        // library's.
        assertThat(postmaster().lastIndexOf("fsync=on"))
                .isGreaterThan(postmaster().indexOf("-F"));
        assertThat(postmaster()).contains("synchronous_commit=on").doesNotContain("synchronous_commit=off");
    }

    /** The command line of the service's PostgreSQL. */
    private String postmaster() {
        return ProcessHandle.allProcesses()
                .flatMap(other -> other.info().commandLine().stream())
                .filter(line -> line.contains(directory.resolve("postgresql-").toString()) && line.contains("-F"))
                .findFirst()
                .orElseThrow();
    }

    private String status() throws IOException {
        return reader().get("/sync-states/accounts").text("last_sync_status");
    }

    private void launch() throws IOException {
        output = Files.createTempFile(directory, "service", ".log");
        process = launch(output);
        await().atMost(Duration.ofSeconds(90)).until(() -> {
            assertThat(process.isAlive()).as(Files.readString(output)).isTrue();
            return printed().size() == 3;
        });
    }

    private Process launch(Path log) throws IOException {
        return new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        // Starts sooner and runs slower, which is what short lives want.
                        "-XX:TieredStopAtLevel=1",
                        "-XX:+UseSerialGC",
                        "-cp",
                        System.getProperty("java.class.path"),
                        VantageSyncStateApplication.class.getName(),
                        "--server.port=0",
                        "--vantage.embedded.directory=" + directory)
                .redirectErrorStream(true)
                .redirectOutput(new File(log.toString()))
                .start();
    }

    private ApiClient reader() throws IOException {
        return ApiClient.at(printed().get("URL")).key(printed().get("READER_KEY"));
    }

    private ApiClient service() throws IOException {
        return ApiClient.at(printed().get("URL")).key(printed().get("SERVICE_KEY"));
    }

    /** The variables that the service has printed. */
    private Map<String, String> printed() throws IOException {
        return EXPORT.matcher(Files.readString(output))
                .results()
                .collect(Collectors.toMap(export -> export.group(1), export -> export.group(2)));
    }
}
