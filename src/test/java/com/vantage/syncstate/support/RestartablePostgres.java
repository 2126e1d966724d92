package com.vantage.syncstate.support;

import com.vantage.syncstate.support.TestDatabase.Address;
import com.vantage.syncstate.support.TestDatabase.Server;
import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.time.Duration;

/** A PostgreSQL of a test's own that it can stop and start again, with its port and its data. */
public final class RestartablePostgres implements AutoCloseable {

    private final Path data;
    private final int port = Ports.free();
    private EmbeddedPostgres running;

    /** Keeps its data in {@code data} below that directory. */
    public RestartablePostgres(Path directory) {
        this.data = directory.resolve("data");
        start();
    }

    public Address address() {
        return new Server("127.0.0.1", port, "").superuser("postgres");
    }

    public void start() {
        try {
            running = EmbeddedPostgres.builder()
                    .setPort(port)
                    .setDataDirectory(data.toFile())
                    .setCleanDataDirectory(false)
                    .setPGStartupWait(Duration.ofSeconds(60))
                    .start();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    public void stop() {
        try {
            running.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public void close() {
        stop();
    }
}
