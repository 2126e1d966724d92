package com.vantage.syncstate.consistency;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** The clock of PostgreSQL jumps an hour ahead, and back in the end, by a library between it and the system (libfaketime). */
final class WrongClock implements DrillFault {

    private static final Path LIBRARIES = Path.of("/usr/lib");
    private static final String LIBRARY = "faketime/libfaketime.so.1";

    private final Path offset;

    private WrongClock(Path offset) {
        this.offset = offset;
    }

    /** What there has to be for it; null where it can be run. */
    static @Nullable String missing() throws IOException {
        return library() == null ? "libfaketime (Debian: apt-get install libfaketime)" : null;
    }

    /** Right until it begins. */
    static WrongClock in(Path directory) throws IOException {
        var clock = new WrongClock(directory.resolve("clock"));
        clock.set("+0");
        return clock;
    }

    /** What a PostgreSQL has to be started with that is to have this clock. */
    Map<String, String> environment() throws IOException {
        return Map.of(
                "LD_PRELOAD",
                String.valueOf(library()),
                "FAKETIME_TIMESTAMP_FILE",
                offset.toString(),
                "FAKETIME_CACHE_DURATION",
                "1",
                "FAKETIME_DONT_FAKE_MONOTONIC",
                "1");
    }

    @Override
    public String label() {
        return "the clock is an hour ahead";
    }

    @Override
    public boolean movesClock() {
        return true;
    }

    @Override
    public Undo begin(DrillPostgres postgres) throws IOException {
        set("+3600");
        return () -> set("+0");
    }

    private void set(String seconds) throws IOException {
        Files.writeString(offset, seconds + "\n");
    }

    private static @Nullable Path library() throws IOException {
        if (!Files.isDirectory(LIBRARIES)) {
            return null;
        }
        try (Stream<Path> machines = Files.list(LIBRARIES)) {
            return machines.map(machine -> machine.resolve(LIBRARY))
                    .filter(Files::isRegularFile)
                    .findFirst()
                    .orElse(null);
        }
    }
}
