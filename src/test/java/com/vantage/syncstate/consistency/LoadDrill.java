package com.vantage.syncstate.consistency;

import com.vantage.syncstate.support.Ports;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * Lets each hostile load befall an instance, one by one, and sees whether those who call it over connections that they hold
 * notice. Whether it lives is asked on a port of its own.
 */
final class LoadDrill {

    private static final int HEAP = 512;
    private static final int MAX_THREADS = 320;
    private static final int MAX_DESCRIPTORS = 4_000;

    /** Of the heap and all that is beside it. */
    private static final int MAX_MEMORY = 2 * HEAP;

    private final Duration each;

    /** @param each for how long each lasts */
    LoadDrill(Duration each) {
        this.each = each;
    }

    List<DrillRow> run(Path directory) throws Exception {
        List<Integer> ports = Ports.free(3);
        var postgres = new DrillPostgres(directory, ports.get(0));
        var service = new DrillService(
                directory,
                ports.get(1),
                postgres.url(),
                HEAP,
                System.getProperty("java.class.path"),
                "--management.server.port=" + ports.get(2));
        try {
            List<DrillRow> rows = new ArrayList<>();
            for (HostileLoad load : HostileLoad.values()) {
                service.awaitReady();
                service.awaitAlive(ports.get(2));
                service.api().put("/sync-states/accounts");
                befall(load, service, each.dividedBy(4));
                rows.add(run(load, service, ports.get(2)));
            }
            return rows;
        } finally {
            service.kill();
            postgres.end();
        }
    }

    /** Before it is measured: what a process does for the first time, it compiles, and that is not the load's. */
    private static void befall(HostileLoad load, DrillService service, Duration time)
            throws IOException, InterruptedException {
        HostileLoad.Attackers attackers = load.elsewhere(service.port());
        try {
            TimeUnit.NANOSECONDS.sleep(time.toNanos());
        } finally {
            attackers.end();
        }
        service.awaitReady();
    }

    private DrillRow run(HostileLoad load, DrillService service, int actuator)
            throws IOException, InterruptedException {
        try (var probe = new DrillProbe(service.api(), service.actuator(actuator))) {
            long start = System.nanoTime();
            TimeUnit.NANOSECONDS.sleep(each.toNanos());
            var most = new DrillProcess(0, 0, 0);
            HostileLoad.Attackers attackers = load.elsewhere(service.port());
            int ended;
            long begun = System.nanoTime();
            try {
                while (System.nanoTime() - begun < each.toNanos()) {
                    TimeUnit.MILLISECONDS.sleep(200);
                    most = most.most(DrillProcess.of(service.pid()));
                }
            } finally {
                ended = attackers.end();
            }
            long over = System.nanoTime();
            TimeUnit.NANOSECONDS.sleep(each.toNanos());
            Duration without = longer(probe.p99(start, begun), probe.p99(over, System.nanoTime()));
            Duration with = probe.p99(begun, over);
            return DrillRow.of(load.label(), probe)
                    .besides("p99 of others %d, not %d ms; %d closed; %s"
                            .formatted(with.toMillis(), without.toMillis(), ended, most))
                    .require(with.compareTo(without.multipliedBy(2)) <= 0, "the p99 of others more than doubled")
                    .require(
                            most.threads() <= MAX_THREADS
                                    && most.descriptors() <= MAX_DESCRIPTORS
                                    && most.memory() <= MAX_MEMORY,
                            "threads, descriptors or memory beyond bounds");
        }
    }

    private static Duration longer(Duration one, Duration other) {
        return one.compareTo(other) > 0 ? one : other;
    }
}
