package com.vantage.syncstate.consistency;

import com.vantage.syncstate.consistency.History.Call;
import com.vantage.syncstate.consistency.History.Operation;
import com.vantage.syncstate.support.ApiClient;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.UUID;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.stream.IntStream;

/** Jobs at work, each by the recommended pattern: make a run id, start, work, complete or fail, retry each until answered. */
final class DrillJobs {

    private static final List<String> RESOURCES =
            List.of("accounts", "funds", "cashflows", "investors", "commitments", "valuations");

    private final HistoryRecorder recorder;
    private final List<ApiClient> services;
    private final ExecutorService threads;
    private final List<Future<?>> jobs;
    private volatile boolean ending;

    /** Begins. */
    DrillJobs(HistoryRecorder recorder, List<ApiClient> services, int count, long seed) {
        this.recorder = recorder;
        this.services = services;
        // A ping registers none that is unknown.
        RESOURCES.forEach(resource -> services.get(0).put("/sync-states/" + resource));
        threads = Executors.newFixedThreadPool(count);
        jobs = IntStream.range(0, count)
                .<Future<?>>mapToObj(number -> threads.submit(new Job(new Random(seed * count + number))))
                .toList();
    }

    /** Lets each job end the run that it is at, and returns when all have. */
    void end() throws InterruptedException, ExecutionException, TimeoutException {
        ending = true;
        try {
            for (Future<?> job : jobs) {
                job.get(3, TimeUnit.MINUTES);
            }
        } finally {
            threads.shutdownNow();
        }
    }

    private final class Job implements Runnable {

        private final Random random;
        private final DrillCaller caller;
        private final List<Call> forgotten = new ArrayList<>();

        Job(Random random) {
            this.random = random;
            caller = new DrillCaller(recorder, services, random);
        }

        @Override
        public void run() {
            try {
                while (!ending) {
                    sync();
                    if (!forgotten.isEmpty() && random.nextInt(20) == 0) {
                        wake(forgotten.remove(0));
                    }
                }
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }

        private void sync() throws InterruptedException {
            String resource = RESOURCES.get(random.nextInt(RESOURCES.size()));
            UUID id = new UUID(random.nextLong(), random.nextLong());
            Call start = recorder.call(Operation.START, resource, id, random.nextInt(50) == 0);
            boolean mine = caller.isAccepted(start);
            work();
            for (int reports = random.nextInt(3); mine && reports > 0; reports--) {
                mine = caller.isAccepted(recorder.call(Operation.PROGRESS, resource, id, false));
                work();
            }
            if (mine && random.nextInt(50) == 0) {
                // Its host dies, or so others must think.
                forgotten.add(start);
            } else if (mine) {
                end(start);
            }
        }

        /** The host was not dead after all. */
        private void wake(Call start) throws InterruptedException {
            if (caller.isAccepted(recorder.call(Operation.PROGRESS, start.resource(), start.run(), false))) {
                end(start);
            }
        }

        private void end(Call start) throws InterruptedException {
            Operation ending = random.nextInt(5) == 0 ? Operation.FAIL : Operation.COMPLETE;
            caller.isAccepted(recorder.call(ending, start.resource(), start.run(), false));
        }

        private void work() throws InterruptedException {
            TimeUnit.MILLISECONDS.sleep(10 + random.nextInt(60));
        }
    }
}
