package com.vantage.syncstate.sync;

import com.vantage.syncstate.error.ProblemType;
import com.vantage.syncstate.error.RequestRejected;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.dao.DataAccessResourceFailureException;
import org.springframework.stereotype.Component;

/** Writes one log line a lifecycle call, and counts it as {@code vantage_sync_calls_total}. */
@Component
public class LifecycleMetrics {

    private static final Logger log = LoggerFactory.getLogger(LifecycleMetrics.class);

    private final MeterRegistry meters;

    LifecycleMetrics(MeterRegistry meters) {
        this.meters = meters;
    }

    /**
     * Makes the call and returns or throws what it does.
     *
     * @param call {@code start}, {@code complete}, …
     */
    public <T> T record(String call, String resource, Supplier<T> lifecycleCall) {
        long begun = System.nanoTime();
        String outcome = "error";
        try {
            T state = lifecycleCall.get();
            outcome = "applied";
            return state;
        } catch (RequestRejected rejected) {
            outcome = rejected.problem().slug();
            throw rejected;
        } catch (DataAccessResourceFailureException unavailable) {
            outcome = ProblemType.DATABASE_UNAVAILABLE.slug();
            throw unavailable;
        } finally {
            Counter.builder("vantage.sync.calls")
                    .description("Lifecycle calls by outcome")
                    .tags("call", call, "outcome", outcome)
                    .register(meters)
                    .increment();
            long ms = TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - begun);
            log.atInfo()
                    .addKeyValue("call", call)
                    .addKeyValue("resource", resource)
                    .addKeyValue("outcome", outcome)
                    .addKeyValue("duration_ms", ms)
                    .log("{} {}: {} in {} ms", call, resource, outcome, ms);
        }
    }
}
