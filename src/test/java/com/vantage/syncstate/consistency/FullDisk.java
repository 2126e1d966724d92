package com.vantage.syncstate.consistency;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import org.jspecify.annotations.Nullable;

/** The disk of PostgreSQL is full, and its log needs another segment: it ends, and cannot start before there is room. */
final class FullDisk implements DrillFault {

    private static final int SEGMENTS = 8;

    private final Path disk;

    /** @param disk where PostgreSQL has its data */
    private FullDisk(Path disk) {
        this.disk = disk;
    }

    /** What there has to be for it; null where it can be run. */
    static @Nullable String missing() {
        return DrillNamespace.isOwn() ? null : DrillNamespace.MISSING;
    }

    /** With a small disk of its own, which is mounted there. */
    static FullDisk mountedAt(Path directory) throws IOException, InterruptedException {
        Files.createDirectories(directory);
        DrillNamespace.require("mount", "-t", "tmpfs", "-o", "size=256m", "tmpfs", directory.toString());
        return new FullDisk(directory);
    }

    @Override
    public String label() {
        return "the disk is full";
    }

    @Override
    public boolean restarts() {
        return true;
    }

    @Override
    public Undo begin(DrillPostgres postgres) throws IOException {
        Path filler = disk.resolve("filler");
        fill(filler);
        try (var connection = postgres.connect();
                var statement = connection.createStatement()) {
            for (int segment = 0; segment < SEGMENTS; segment++) {
                statement.execute("select pg_logical_emit_message(true, 'drill', 'full'), pg_switch_wal()");
            }
            throw new IllegalStateException("The disk is not full");
        } catch (SQLException e) {
            return () -> {
                Files.delete(filler);
                postgres.awaitConnections();
            };
        }
    }

    private static void fill(Path file) throws IOException {
        try (OutputStream output = Files.newOutputStream(file)) {
            var block = new byte[64 * 1024];
            while (true) {
                output.write(block);
            }
        } catch (IOException e) {
            if (!String.valueOf(e.getMessage()).contains("No space left")) {
                throw e;
            }
        }
    }

    void unmount() throws InterruptedException {
        DrillNamespace.require("umount", "--lazy", disk.toString());
    }
}
