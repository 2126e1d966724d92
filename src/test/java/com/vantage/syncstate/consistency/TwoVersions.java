package com.vantage.syncstate.consistency;

import com.vantage.syncstate.support.Ports;
import java.io.File;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * An older and a newer version on one schema: while the older one serves, a newer one starts, which brings a migration that
 * adds to the tables and to what the functions return; then the older one starts anew.
 */
final class TwoVersions {

    private static final Duration STUCK_AFTER = Duration.ofHours(3);

    /** Later than any there is. */
    private static final String NAME = "db/migration/20991231235959_vantage_newer.sql";

    private static final String MIGRATION = """
            alter table public.vantage_sync_state add column newer text;
            alter table public.vantage_sync_history add column newer text;
            """;

    private TwoVersions() {}

    static DrillRow run(Path directory) throws Exception {
        List<Integer> ports = Ports.free(3);
        var postgres = new DrillPostgres(directory, ports.get(0));
        var older = new DrillService(directory, ports.get(1), postgres.url(), "--vantage.alerts.stuck-after=PT3H");
        try {
            older.awaitReady();
            return run(directory, ports.get(2), postgres, older);
        } finally {
            older.kill();
            postgres.end();
        }
    }

    private static DrillRow run(Path directory, int port, DrillPostgres postgres, DrillService older) throws Exception {
        Path further = directory.resolve("newer");
        Files.createDirectories(further.resolve(NAME).getParent());
        Files.writeString(further.resolve(NAME), MIGRATION);
        var recorder = new HistoryRecorder();
        var jobs = new DrillJobs(recorder, List.of(older.api()), 8, 1);
        DrillRow row;
        try (var probe = new DrillProbe(older.api())) {
            var newer = new DrillService(
                    directory,
                    port,
                    postgres.url(),
                    256,
                    further + File.pathSeparator + System.getProperty("java.class.path"),
                    "--vantage.alerts.stuck-after=PT3H");
            try {
                newer.awaitReady();
                TimeUnit.SECONDS.sleep(5);
                row = DrillRow.of("a newer version migrates, an older one serves", probe);
            } finally {
                newer.kill();
            }
        }
        older.kill();
        older.start();
        older.awaitReady();
        jobs.end();
        try (Connection connection = postgres.connect()) {
            var violations = HistoryChecker.check(recorder.history(connection, STUCK_AFTER));
            violations.stream().limit(20).forEach(System.out::println);
            return row.lost(violations.size());
        }
    }
}
