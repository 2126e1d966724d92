package com.vantage.syncstate.consistency;

import com.vantage.syncstate.support.Ports;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;

/** Restarts two instances one after the other, again and again, while a balancer sends requests to those that are ready. */
final class RollingRestarts {

    private static final int REQUESTS_PER_SECOND = 200;
    private static final Duration END = Duration.ofSeconds(60);
    private static final Duration SLOWEST = Duration.ofSeconds(3);

    private final int rounds;

    /** @param rounds in each of which both are restarted */
    RollingRestarts(int rounds) {
        this.rounds = rounds;
    }

    DrillRow run(Path directory) throws Exception {
        List<Integer> ports = Ports.free(3);
        var postgres = new DrillPostgres(directory, ports.get(0));
        var one = new DrillService(directory, ports.get(1), postgres.url());
        try {
            one.awaitReady();
            var other = new DrillService(directory, ports.get(2), postgres.url());
            try {
                other.awaitReady();
                one.api().post("/sync-states/balanced/start");
                return run(List.of(one, other));
            } finally {
                other.kill();
            }
        } finally {
            one.kill();
            postgres.end();
        }
    }

    private DrillRow run(List<DrillService> services) throws Exception {
        try (var balancer =
                new DrillBalancer(services.stream().map(DrillService::api).toList(), REQUESTS_PER_SECOND)) {
            for (int round = 0; round < rounds; round++) {
                for (DrillService service : services) {
                    service.terminate();
                    if (!service.hasEnded(END)) {
                        throw new IllegalStateException("An instance does not end");
                    }
                    service.start();
                    service.awaitReady();
                }
            }
            balancer.end();
            int failed = balancer.failures().size();
            return new DrillRow(
                            rounds + " rolling restarts of two instances",
                            balancer.sent(),
                            0,
                            failed,
                            0,
                            balancer.slowest(),
                            null,
                            "",
                            List.of())
                    .require(
                            failed == 0,
                            failed + " requests failed, such as "
                                    + balancer.failures().peek())
                    .require(balancer.slowest().compareTo(SLOWEST) < 0, "an answer took more than 3 s");
        }
    }
}
