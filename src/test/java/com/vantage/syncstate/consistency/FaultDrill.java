package com.vantage.syncstate.consistency;

import com.vantage.syncstate.support.Ports;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Lets each fault befall the database, one by one, and sees what callers notice. */
final class FaultDrill {

    private final Path directory;
    private final Duration each;

    /**
     * @param directory of its own
     * @param each for how long each fault lasts
     */
    FaultDrill(Path directory, Duration each) {
        this.directory = directory;
        this.each = each;
    }

    /** Those that any machine can have. */
    List<DrillRow> plain() throws Exception {
        var postgres = new DrillPostgres(named("plain"), port());
        try (var stage = DrillStage.on(named("plain"), postgres)) {
            return stage.run(each, DatabaseFault.values());
        }
    }

    /** A network that drops packets, where there may be one of its own. */
    List<DrillRow> lostPackets() throws Exception {
        var all = new LostPackets(100);
        var some = new LostPackets(20);
        String missing = LostPackets.missing();
        if (missing != null) {
            return List.of(DrillRow.skipped(all.label(), missing), DrillRow.skipped(some.label(), missing));
        }
        var postgres = new DrillPostgres(named("packets"), port());
        try (var stage = DrillStage.on(named("packets"), postgres)) {
            return stage.run(each, all, some);
        }
    }

    /** A small disk that is full, where one may be mounted. */
    List<DrillRow> fullDisk() throws Exception {
        @Nullable String missing = FullDisk.missing();
        if (missing != null) {
            return List.of(DrillRow.skipped("the disk is full", missing));
        }
        var fault = FullDisk.mountedAt(named("disk"));
        try {
            var postgres = new DrillPostgres(named("disk"), port());
            try (var stage = DrillStage.on(named("logs"), postgres)) {
                return stage.run(each, fault);
            }
        } finally {
            fault.unmount();
        }
    }

    /** A clock that jumps, where there is a library for that. */
    List<DrillRow> wrongClock() throws Exception {
        @Nullable String missing = WrongClock.missing();
        if (missing != null) {
            return List.of(DrillRow.skipped("the clock is an hour ahead", missing));
        }
        var fault = WrongClock.in(named("clock"));
        var postgres = new DrillPostgres(named("clock"), port(), fault.environment());
        try (var stage = DrillStage.on(named("clock"), postgres)) {
            return stage.run(each, fault);
        }
    }

    /** A primary that falls silent, with a standby. */
    List<DrillRow> failover() throws Exception {
        // What is acknowledged is on the standby as well.
        var primary = new DrillPostgres(named("primary"), port(), Map.of(), "synchronous_standby_names=*");
        DrillPostgres standby = primary.standby(named("standby"), port());
        try (var stage = new DrillStage(directory, port(), Failover.url(primary, standby), primary, standby)) {
            return stage.run(each, new Failover(standby));
        }
    }

    private static int port() throws Exception {
        return Ports.free();
    }

    private Path named(String name) throws Exception {
        return Files.createDirectories(directory.resolve(name));
    }
}
