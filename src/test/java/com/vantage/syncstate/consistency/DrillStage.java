package com.vantage.syncstate.consistency;

import com.vantage.syncstate.support.Ports;
import java.io.IOException;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** An instance of the service on a PostgreSQL, with jobs that write and others that read while a fault befalls them. */
final class DrillStage implements AutoCloseable {

    /** Longer than any fault, and than a clock may jump, so that nobody takes over what lives. */
    private static final Duration STUCK_AFTER = Duration.ofHours(3);

    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final Duration AT_ONCE = Duration.ofSeconds(1);
    private static final Duration AFTER_A_RESTART = Duration.ofSeconds(2);
    private static final int JOBS = 8;

    private final DrillPostgres postgres;
    private final DrillPostgres kept;
    private final DrillService service;
    private final HistoryRecorder recorder = new HistoryRecorder();
    private long wrong;

    /**
     * Starts an instance; its database ends with it.
     *
     * @param kept where the rows are in the end: the same, or its standby
     */
    DrillStage(Path directory, int port, String url, DrillPostgres postgres, DrillPostgres kept)
            throws IOException, InterruptedException {
        this.postgres = postgres;
        this.kept = kept;
        service = new DrillService(directory, port, url, "--vantage.alerts.stuck-after=" + STUCK_AFTER);
        try {
            service.awaitReady();
        } catch (IOException | InterruptedException | RuntimeException e) {
            close();
            throw e;
        }
    }

    static DrillStage on(Path directory, DrillPostgres postgres) throws IOException, InterruptedException {
        return new DrillStage(directory, Ports.free(), postgres.url(), postgres, postgres);
    }

    /** Lets faults happen one by one, each for so long; an instance is up before and after each. */
    List<DrillRow> run(Duration each, DrillFault... faults)
            throws IOException, InterruptedException, SQLException, ExecutionException, TimeoutException {
        List<DrillRow> rows = new ArrayList<>();
        for (DrillFault fault : Arrays.asList(faults)) {
            service.awaitReady();
            rows.add(run(fault, each));
        }
        return rows;
    }

    private DrillRow run(DrillFault fault, Duration each)
            throws IOException, InterruptedException, SQLException, ExecutionException, TimeoutException {
        var jobs = new DrillJobs(recorder, List.of(service.api()), JOBS, 1 + recorder.attemptsSent());
        try (var probe = new DrillProbe(service.api())) {
            TimeUnit.SECONDS.sleep(1);
            DrillFault.Undo undo = fault.begin(postgres);
            try {
                TimeUnit.NANOSECONDS.sleep(each.toNanos());
            } finally {
                undo.run();
            }
            long end = System.nanoTime();
            Duration recovery = probe.successAfter(end, PATIENCE);
            TimeUnit.SECONDS.sleep(3);
            long relapses = probe.unavailableAfter(System.nanoTime() - TimeUnit.SECONDS.toNanos(1));
            DrillRow row = DrillRow.of(fault.label(), probe);
            jobs.end();
            return row.lost(newlyWrong(fault.movesClock()))
                    .recovered(recovery, fault.restarts() ? AFTER_A_RESTART : AT_ONCE)
                    .require(relapses == 0, relapses + " answers failed again two seconds later");
        }
    }

    private long newlyWrong(boolean clockJumps) throws SQLException {
        try (Connection connection = kept.connect()) {
            var violations = HistoryChecker.check(recorder.history(connection, STUCK_AFTER), clockJumps);
            violations.stream().skip(wrong).limit(20).forEach(System.out::println);
            long more = violations.size() - wrong;
            wrong = violations.size();
            return more;
        }
    }

    @Override
    public void close() {
        service.kill();
        postgres.end();
        kept.end();
    }
}
