package com.vantage.syncstate.database;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Ends the postmaster that a killed service left behind on a data directory. */
final class StalePostmaster {

    private static final Logger log = LoggerFactory.getLogger(StalePostmaster.class);
    private static final Duration PATIENCE = Duration.ofSeconds(20);

    private StalePostmaster() {}

    /**
     * Ends it, if one is there, and waits until it has ended; called while the directory is locked.
     *
     * @throws UncheckedIOException if the pid file cannot be read
     */
    static void end(Path dataDirectory) {
        Path pidFile = dataDirectory.resolve("postmaster.pid");
        if (!Files.exists(pidFile)) {
            return;
        }
        try {
            List<String> lines = Files.readAllLines(pidFile);
            ProcessHandle.of(Long.parseLong(lines.get(0).strip()))
                    .filter(process -> isPostmasterOf(process, dataDirectory))
                    .ifPresent(StalePostmaster::end);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (NumberFormatException | IndexOutOfBoundsException e) {
            log.warn("{} holds no pid and is left to PostgreSQL", pidFile);
        }
    }

    /** The pid may have gone to somebody else since, after a restart of the machine for one. */
    private static boolean isPostmasterOf(ProcessHandle process, Path dataDirectory) {
        String command = process.info().commandLine().orElse("")
                + process.info().command().orElse("");
        return command.contains("postgres")
                && (process.info().arguments().isEmpty() || command.contains(dataDirectory.toString()));
    }

    private static void end(ProcessHandle postmaster) {
        log.info("Ending PostgreSQL {}, which a killed service left behind", postmaster.pid());
        postmaster.destroy();
        try {
            postmaster.onExit().get(PATIENCE.toSeconds(), TimeUnit.SECONDS);
        } catch (TimeoutException e) {
            // It recovers from its log at the next start, as after a power cut.
            postmaster.destroyForcibly();
        } catch (ExecutionException e) {
            throw new IllegalStateException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
