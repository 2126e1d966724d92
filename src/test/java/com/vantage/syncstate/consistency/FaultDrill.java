package com.vantage.syncstate.consistency;

import com.vantage.syncstate.consistency.DrillProbe.Answer;
import java.io.IOException;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** Lets each fault befall the database, one by one, while jobs write and others read, and sees what callers notice. */
final class FaultDrill {

    private static final Duration PATIENCE = Duration.ofSeconds(60);

    private static final Duration AT_ONCE = Duration.ofSeconds(1);

    /** Where all connections are lost, the pool waits for up to five seconds between one attempt and the next. */
    private static final Duration POOL_TRIES_AGAIN = Duration.ofSeconds(6);

    private final Duration each;

    /**
     * @param each for how long each fault lasts
     */
    FaultDrill(Duration each) {
        this.each = each;
    }

    /** Of each fault in turn what came of it; an instance is up before and after each. */
    List<Row> run(DrillPostgres postgres, DrillService service) throws IOException, InterruptedException, SQLException {
        List<Row> rows = new ArrayList<>();
        for (DrillFault fault : DrillFault.values()) {
            service.awaitReady();
            rows.add(run(fault, postgres, service));
        }
        return rows;
    }

    private Row run(DrillFault fault, DrillPostgres postgres, DrillService service)
            throws IOException, InterruptedException, SQLException {
        try (var probe = new DrillProbe(service.api())) {
            TimeUnit.SECONDS.sleep(1);
            DrillFault.Undo undo = fault.begin(postgres);
            try {
                TimeUnit.NANOSECONDS.sleep(each.toNanos());
            } finally {
                undo.run();
            }
            Duration recovery = probe.successAfter(System.nanoTime(), PATIENCE);
            TimeUnit.SECONDS.sleep(1);
            return Row.of(fault, probe.reads(), probe.lives(), recovery);
        }
    }

    /** Starts what the drill of faults needs, on ports of its own. */
    static List<Row> run(Path directory, List<Integer> ports, Duration each, HistoryConsumer then) throws Exception {
        var postgres = new DrillPostgres(directory, ports.get(0));
        DrillService service = null;
        try {
            service = new DrillService(directory, ports.get(1), postgres.url(), "--vantage.alerts.stuck-after=PT2M");
            service.awaitReady();
            var recorder = new HistoryRecorder();
            var jobs = new DrillJobs(recorder, List.of(service.api()), 8, 1);
            List<Row> rows = new FaultDrill(each).run(postgres, service);
            jobs.end();
            try (var connection = postgres.connect()) {
                then.accept(recorder.history(connection, Duration.ofMinutes(2)));
            }
            return rows;
        } finally {
            if (service != null) {
                service.kill();
            }
            postgres.end();
        }
    }

    /** Takes what the jobs did meanwhile. */
    interface HistoryConsumer {

        void accept(History history);
    }

    /**
     * What came of one fault.
     *
     * @param unavailable reads that were answered with 503 and the right words
     * @param wrong reads that were answered in any other way, or not
     * @param dead times that the instance did not say that it lives
     * @param recovery until the first success after the end of the fault; null where there was none in a minute
     */
    record Row(
            DrillFault fault,
            int reads,
            long unavailable,
            List<Answer> wrong,
            long dead,
            Duration slowest,
            @Nullable Duration recovery) {

        static final String HEADER = "| fault | reads | 503 | wrong | not alive | slowest | recovery |";

        static Row of(DrillFault fault, List<Answer> reads, List<Answer> lives, @Nullable Duration recovery) {
            return new Row(
                    fault,
                    reads.size(),
                    reads.stream()
                            .filter(read -> read.status() == 503 && read.isRight())
                            .count(),
                    reads.stream().filter(read -> !read.isRight()).toList(),
                    lives.stream().filter(live -> live.status() != 200).count(),
                    reads.stream()
                            .map(Answer::took)
                            .max(Comparator.naturalOrder())
                            .orElse(Duration.ZERO),
                    recovery);
        }

        /** Whether callers noticed no more than they may. */
        boolean holds() {
            return wrong.isEmpty()
                    && dead == 0
                    && slowest.compareTo(Duration.ofSeconds(3)) < 0
                    && recovery != null
                    && recovery.compareTo(fault.restarts() ? POOL_TRIES_AGAIN : AT_ONCE) < 0;
        }

        @Override
        public String toString() {
            return "| %s | %d | %d | %d | %d | %d ms | %s |%s"
                    .formatted(
                            fault.label(),
                            reads,
                            unavailable,
                            wrong.size(),
                            dead,
                            slowest.toMillis(),
                            recovery == null ? "none" : recovery.toMillis() + " ms",
                            holds() ? "" : " does not hold");
        }
    }
}
