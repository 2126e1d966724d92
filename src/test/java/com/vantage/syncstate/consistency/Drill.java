package com.vantage.syncstate.consistency;

import com.vantage.syncstate.consistency.DrillReceiver.Deliveries;
import com.vantage.syncstate.support.ApiClient;
import com.vantage.syncstate.support.Ports;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.springframework.util.FileSystemUtils;

/**
 * Kills the service, PostgreSQL and both, again and again at random, while jobs call two instances of the service, and
 * then reports whether anything that was acknowledged was lost or done twice, and whether somebody was notified of just what
 * happened. All of it runs on 127.0.0.1, in processes and
 * a directory of its own.
 */
public final class Drill {

    /** What is killed, always by {@code kill -9}. */
    enum Kill {
        SERVICE,
        BACKEND,
        POSTMASTER,
        BOTH;

        String label() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    private static final Duration STUCK_AFTER = Duration.ofSeconds(4);
    private static final int JOBS = 16;
    private static final int CALLS_BETWEEN_KILLS = 50;

    private final int kills;
    private final Duration limit;
    private final long seed;
    private final Random random;
    private final Map<Kill, Integer> made = new EnumMap<>(Kill.class);

    /**
     * @param kills after so many it ends
     * @param limit and it begins no other kill after this time
     * @param seed of what is killed when
     */
    Drill(int kills, Duration limit, long seed) {
        this.kills = kills;
        this.limit = limit;
        this.seed = seed;
        random = new Random(seed);
    }

    /**
     * Takes the system properties {@code parts}, which of them are run; {@code fault}, for how long each fault lasts; {@code
     * restarts}, {@code kills}, {@code limit}, {@code seed} and {@code planted}, a class with a fault that has to be found.
     * Exits with 1 when a fault was noticed more than it may, when anything was lost or applied twice, notified out of order
     * or not at all, or is otherwise not as it should be, and also when there was no time for all the kills.
     */
    public static void main(String[] arguments) throws Exception {
        Integer inside = DrillNamespace.runInside(Drill.class);
        if (inside != null) {
            System.exit(inside);
        }
        boolean holds = DrillParts.run(
                System.getProperty("parts", "all"),
                Duration.parse(System.getProperty("fault", "PT10S")),
                Integer.getInteger("restarts", 20));
        var drill = new Drill(
                Integer.getInteger("kills", 50),
                Duration.parse(System.getProperty("limit", "PT1H")),
                Long.getLong("seed", System.nanoTime()));
        DrillReport report = null;
        try {
            report = drill.run();
            System.out.print(report);
        } catch (Exception e) {
            System.out.println("The drill broke off:");
            e.printStackTrace(System.out);
        } finally {
            // Jobs that get no answer any more would keep the process.
            System.out.flush();
            System.exit(report != null && report.isClean() && holds ? 0 : 1);
        }
    }

    DrillReport run() throws IOException, InterruptedException, SQLException, ExecutionException, TimeoutException {
        System.out.printf("Drill with seed=%d%n", seed);
        Path directory = Files.createTempDirectory("vantage-drill");
        try {
            return run(directory);
        } finally {
            FileSystemUtils.deleteRecursively(directory);
        }
    }

    private DrillReport run(Path directory)
            throws IOException, InterruptedException, SQLException, ExecutionException, TimeoutException {
        long begun = System.nanoTime();
        List<Integer> ports = Ports.free(3);
        var postgres = new DrillPostgres(directory, ports.get(0));
        List<DrillService> services = new ArrayList<>();
        try (var receiver = new DrillReceiver()) {
            List<String> settings = new ArrayList<>(receiver.settings());
            settings.add("--vantage.alerts.stuck-after=" + STUCK_AFTER);
            for (int port : ports.subList(1, ports.size())) {
                List<String> own = new ArrayList<>(settings);
                // One always makes its calls by batches, the other where many are at work.
                own.add("--vantage.batch.above=" + (services.isEmpty() ? 0 : 2));
                own.add("--spring.main.sources=" + System.getProperty("planted", ""));
                services.add(new DrillService(directory, port, postgres.url(), own.toArray(String[]::new)));
            }
            for (DrillService service : services) {
                service.awaitReady();
            }
            var recorder = new HistoryRecorder();
            List<ApiClient> apis = services.stream().map(DrillService::api).toList();
            var jobs = new DrillJobs(recorder, apis, JOBS, seed);
            var alarms = new DrillAlarms(recorder, apis, seed - 1);
            killAll(postgres, services, recorder, begun);
            jobs.end();
            Deliveries deliveries = receiver.deliveries(postgres, alarms.end());
            try (var connection = postgres.connect()) {
                History history = recorder.history(connection, STUCK_AFTER);
                return DrillReport.of(kills, made, Duration.ofNanos(System.nanoTime() - begun), history, deliveries);
            }
        } finally {
            services.forEach(DrillService::kill);
            postgres.end();
        }
    }

    private void killAll(DrillPostgres postgres, List<DrillService> services, HistoryRecorder recorder, long begun)
            throws IOException, InterruptedException, SQLException {
        List<Kill> next = new ArrayList<>();
        for (int kill = 0; kill < kills && System.nanoTime() - begun < limit.toNanos(); kill++) {
            awaitLoad(recorder);
            TimeUnit.MILLISECONDS.sleep(random.nextInt(1000));
            if (next.isEmpty()) {
                next.addAll(Arrays.asList(Kill.values()));
                Collections.shuffle(next, random);
            }
            Kill what = next.remove(0);
            kill(what, postgres, services.get(random.nextInt(services.size())));
            made.merge(what, 1, Integer::sum);
        }
    }

    /** Kills and restarts; returns when all is up again. */
    private void kill(Kill what, DrillPostgres postgres, DrillService service)
            throws IOException, InterruptedException, SQLException {
        switch (what) {
            case SERVICE -> {
                service.kill();
                service.start();
            }
            case BACKEND -> {
                postgres.killBackend();
                postgres.awaitConnections();
            }
            case POSTMASTER -> {
                postgres.kill();
                postgres.start();
            }
            case BOTH -> {
                service.kill();
                postgres.kill();
                postgres.start();
                service.start();
            }
        }
        service.awaitReady();
    }

    /** Waits until the jobs have made some calls since the last kill, so that each kill comes under load. */
    private static void awaitLoad(HistoryRecorder recorder) throws InterruptedException {
        int enough = recorder.acknowledged() + CALLS_BETWEEN_KILLS;
        long deadline = System.nanoTime() + TimeUnit.MINUTES.toNanos(2);
        while (recorder.acknowledged() < enough) {
            if (System.nanoTime() > deadline) {
                throw new IllegalStateException("The jobs are not answered any more");
            }
            TimeUnit.MILLISECONDS.sleep(20);
        }
    }
}
