package com.vantage.syncstate.fresh;

import com.vantage.syncstate.error.ProblemType;
import com.vantage.syncstate.error.RequestRejected;
import com.vantage.syncstate.live.StateListener;
import com.vantage.syncstate.live.StatePoller;
import com.vantage.syncstate.security.Caller;
import com.vantage.syncstate.security.CallerPlaces;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.Duration;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.springframework.dao.DataAccessResourceFailureException;
import org.springframework.http.ResponseEntity;
import org.springframework.stereotype.Component;
import org.springframework.web.context.request.async.DeferredResult;

/**
 * Those who wait until resources are fresh. Waiting holds no thread and sends no query: after a poll, one statement decides
 * for all who have begun to wait, and for all who wait for a resource that has changed.
 */
@Component
class FreshnessWaiters implements StateListener {

    static final int MAX = 1_000;

    /** Of one key, or of one subject of tokens, so that none keeps all others from waiting. */
    static final int MAX_PER_CALLER = MAX / 2;

    /** Beyond its end, for a database that is slow to answer. */
    private static final Duration GRACE = Duration.ofSeconds(30);

    private final FreshnessRepository resources;
    private final StatePoller poller;
    private final Set<Waiter> waiters = ConcurrentHashMap.newKeySet();
    private final CallerPlaces places = new CallerPlaces(MAX, MAX_PER_CALLER);

    FreshnessWaiters(FreshnessRepository resources, StatePoller poller, MeterRegistry meters) {
        this.resources = resources;
        this.poller = poller;
        poller.add(this);
        Gauge.builder("vantage.fresh.waiting", this::waiting)
                .description("Callers who wait for fresh data at this moment")
                .register(meters);
    }

    /**
     * Answers as soon as all are fresh, or else with how things stand when the time is over.
     *
     * @throws RequestRejected {@code overloaded}
     */
    DeferredResult<ResponseEntity<Freshness>> await(FreshnessQuery query, Duration time, Caller caller) {
        switch (places.take(caller)) {
            case ALL_TAKEN -> throw rejected("As many callers wait for fresh data as may at a time (" + MAX + ")");
            case ALL_OF_CALLER_TAKEN ->
                throw rejected(
                        "This key or subject waits for fresh data as many times as it may (" + MAX_PER_CALLER + ")");
            case TAKEN -> {
                // Until its answer is sent.
            }
        }
        var waiter = new Waiter(query, System.nanoTime() + time.toNanos(), time.plus(GRACE), caller);
        waiter.result.onCompletion(() -> leave(waiter));
        waiters.add(waiter);
        if (poller.isRunning()) {
            poller.wake();
        } else {
            stopped();
        }
        return waiter.result;
    }

    private static RequestRejected rejected(String what) {
        return new RequestRejected(
                ProblemType.OVERLOADED,
                what + ". Call again after Retry-After, or without wait.",
                RequestRejected.Details.NONE);
    }

    private void leave(Waiter waiter) {
        if (waiters.remove(waiter)) {
            places.leave(waiter.caller);
        }
    }

    int waiting() {
        return waiters.size();
    }

    @Override
    public boolean isWaiting() {
        return !waiters.isEmpty();
    }

    @Override
    public void polled(Set<String> changed) {
        long now = System.nanoTime();
        decide(waiters.stream()
                .filter(waiter -> waiter.isToBeDecided(changed, now))
                .toList());
    }

    @Override
    public void stopped() {
        waiters.forEach(waiter -> waiter.end = System.nanoTime());
        decide(List.copyOf(waiters));
    }

    private void decide(List<Waiter> due) {
        if (due.isEmpty()) {
            return;
        }
        long now = System.nanoTime();
        try {
            Map<FreshnessQuery, FreshnessRepository.Verdict> verdicts =
                    resources.evaluate(due.stream().map(waiter -> waiter.query).toList());
            due.forEach(waiter -> waiter.decide(Objects.requireNonNull(verdicts.get(waiter.query)), now));
        } catch (RuntimeException e) {
            // Whoever has time left waits for a poll that succeeds.
            due.forEach(waiter -> waiter.fail(e, now));
        }
    }

    /** One who waits. What has not been decided yet, or not for a failure, is decided with the next poll. */
    private static final class Waiter {

        private final Caller caller;
        private final FreshnessQuery query;
        private final DeferredResult<ResponseEntity<Freshness>> result;
        private volatile long end;
        private volatile boolean undecided = true;

        Waiter(FreshnessQuery query, long end, Duration limit, Caller caller) {
            this.caller = caller;
            this.query = query;
            this.end = end;
            this.result = new DeferredResult<>(
                    limit.toMillis(),
                    () -> new DataAccessResourceFailureException("The database did not answer as the time was over"));
        }

        boolean isToBeDecided(Set<String> changed, long now) {
            return !result.hasResult()
                    && (undecided || isOver(now) || !Collections.disjoint(changed, query.resources()));
        }

        void decide(FreshnessRepository.Verdict verdict, long now) {
            undecided = false;
            if (verdict.isFresh()) {
                result.setResult(Freshness.answer(verdict));
            } else if (!verdict.canBecomeFresh() || isOver(now)) {
                result.setErrorResult(Freshness.rejection(verdict));
            }
        }

        void fail(RuntimeException failure, long now) {
            undecided = true;
            if (isOver(now)) {
                result.setErrorResult(failure);
            }
        }

        private boolean isOver(long now) {
            return now - end >= 0;
        }
    }
}
