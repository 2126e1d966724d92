package com.vantage.syncstate.consistency;

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

/** Syncs of which each fails until that is an incident, and then succeeds: a few at a time, each of a resource of its own. */
final class DrillAlarms {

    static final String PREFIX = "alarm-";

    private static final int AT_ONCE = 5;

    private final HistoryRecorder recorder;
    private final DrillCaller caller;
    private final Random random;
    private final ExecutorService thread = Executors.newSingleThreadExecutor();
    private final Future<?> work;
    private volatile boolean ending;
    private int made;

    /** Begins. */
    DrillAlarms(HistoryRecorder recorder, List<ApiClient> services, long seed) {
        this.recorder = recorder;
        random = new Random(seed);
        caller = new DrillCaller(recorder, services, random);
        work = thread.submit(() -> {
            while (!ending) {
                raiseAndEnd();
            }
            return null;
        });
    }

    /** Returns when each has succeeded, with how many there were. */
    int end() throws InterruptedException, ExecutionException, TimeoutException {
        ending = true;
        try {
            work.get(3, TimeUnit.MINUTES);
        } finally {
            thread.shutdownNow();
        }
        return made;
    }

    private void raiseAndEnd() throws InterruptedException {
        List<String> resources = new ArrayList<>();
        for (int number = 0; number < AT_ONCE; number++) {
            resources.add(PREFIX + ++made);
        }
        for (String resource : resources) {
            run(resource, Operation.FAIL);
        }
        for (String resource : resources) {
            while (caller.get("/incidents?open=true&resource=" + resource)
                    .json()
                    .get("incidents")
                    .isEmpty()) {
                TimeUnit.MILLISECONDS.sleep(100);
            }
            run(resource, Operation.COMPLETE);
        }
    }

    private void run(String resource, Operation ending) throws InterruptedException {
        var id = new UUID(random.nextLong(), random.nextLong());
        // By force, which is never an event: that registers none.
        if (!caller.isAccepted(recorder.call(Operation.START, resource, id, true))
                || !caller.isAccepted(recorder.call(ending, resource, id, false))) {
            throw new IllegalStateException("Nobody else runs " + resource);
        }
    }
}
