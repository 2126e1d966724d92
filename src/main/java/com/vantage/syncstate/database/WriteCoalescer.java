package com.vantage.syncstate.database;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Function;

/**
 * Calls that arrive while others are at work go together in the next transaction, each with an outcome of its own.
 *
 * <p>A few go at once and alone: a batch of few is slower than as many connections. It has no thread: of the calls that
 * go together the first one's caller runs them, so that a shutdown that waits for the callers waits for all of it.
 *
 * @param <C> a call
 * @param <R> what it is answered with
 */
public final class WriteCoalescer<C, R> {

    /** What became of a call that went together with others. */
    public sealed interface Outcome<R> {

        /** It was applied. */
        record Answer<R>(R result) implements Outcome<R> {}

        /** It was not, and the caller gets the exception. */
        record Failure<R>(RuntimeException exception) implements Outcome<R> {}

        /** It changed nothing because of the company it was in, and goes alone. */
        record NotApplied<R>() implements Outcome<R> {}
    }

    private final int maxAlone;
    private final int maxTogether;
    private final Function<C, R> alone;
    private final Function<List<C>, List<Outcome<R>>> together;
    private final Duration patience;
    private final Duration patienceWithBatch;

    /** In the order of their arrival. */
    private final Set<Waiting<C, R>> queue = new LinkedHashSet<>();

    private int runningAlone;
    private boolean runningTogether;

    /**
     * @param maxAlone calls that go at once while no others are at work; 0 for none
     * @param maxTogether calls of one batch
     * @param together returns as many outcomes, in their order; what it throws is thrown to the caller of each
     */
    public WriteCoalescer(
            int maxAlone, int maxTogether, Function<C, R> alone, Function<List<C>, List<Outcome<R>>> together) {
        this(maxAlone, maxTogether, alone, together, Duration.ofMillis(20), Duration.ofMillis(500));
    }

    /**
     * @param patience after this time calls go together although others are at work alone, which may wait for a lock
     * @param patienceWithBatch after this time a call goes alone: the batch under way may hang on a lost connection
     */
    WriteCoalescer(
            int maxAlone,
            int maxTogether,
            Function<C, R> alone,
            Function<List<C>, List<Outcome<R>>> together,
            Duration patience,
            Duration patienceWithBatch) {
        this.maxAlone = maxAlone;
        this.maxTogether = maxTogether;
        this.alone = alone;
        this.together = together;
        this.patience = patience;
        this.patienceWithBatch = patienceWithBatch;
    }

    /** Answers once the call is applied, alone or with others. */
    public R write(C call) {
        var mine = new Waiting<C, R>(call);
        synchronized (queue) {
            queue.add(mine);
            if (runningAlone == 0 || (queue.size() == 1 && runningAlone < maxAlone)) {
                dispatch(0);
            }
        }
        Turn<C, R> turn = mine.await(this);
        Outcome<R> outcome = turn.batch().isEmpty() ? turn.outcome() : lead(turn.batch());
        if (outcome instanceof Outcome.Answer<R> answer) {
            return answer.result();
        }
        if (outcome instanceof Outcome.Failure<R> failure) {
            throw failure.exception();
        }
        try {
            return alone.apply(call);
        } finally {
            if (turn.isCounted()) {
                synchronized (queue) {
                    runningAlone--;
                    dispatch(1);
                }
            }
        }
    }

    /**
     * Lets those who wait go: each alone where few are at work, else together once no others do. Holding the lock.
     *
     * @param answered calls that ended just now, whose callers count as at work: they are likely to come back
     */
    private void dispatch(int answered) {
        if (runningTogether) {
            return;
        }
        List<Waiting<C, R>> next = new ArrayList<>();
        boolean few =
                runningAlone + queue.size() + answered <= maxAlone || (queue.size() == 1 && runningAlone < maxAlone);
        for (var each = queue.iterator(); each.hasNext() && (few || next.size() < maxTogether); each.remove()) {
            next.add(each.next());
        }
        if (few) {
            runningAlone += next.size();
            next.forEach(waiting -> waiting.complete(new Turn<>(new Outcome.NotApplied<>(), List.of(), true)));
        } else if (!next.isEmpty()) {
            runningTogether = true;
            next.get(0).complete(new Turn<>(new Outcome.NotApplied<>(), next, false));
        }
    }

    /** Runs the calls of all, and returns the outcome of the first, whose caller this is. */
    private Outcome<R> lead(List<Waiting<C, R>> batch) {
        // An interruption of this caller is no reason for the others' calls to fail.
        boolean interrupted = Thread.interrupted();
        List<Outcome<R>> outcomes;
        try {
            outcomes = together.apply(batch.stream().map(Waiting::call).toList());
            if (outcomes.size() != batch.size()) {
                throw new IllegalStateException(batch.size() + " calls had " + outcomes.size() + " outcomes");
            }
        } catch (RuntimeException e) {
            outcomes = Collections.nCopies(batch.size(), new Outcome.Failure<>(e));
        } catch (Error e) {
            batch.forEach(waiting -> waiting.completeExceptionally(e));
            throw e;
        } finally {
            synchronized (queue) {
                runningTogether = false;
                dispatch(batch.size());
            }
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
        for (int place = 1; place < batch.size(); place++) {
            batch.get(place).complete(new Turn<>(outcomes.get(place), List.of(), false));
        }
        return outcomes.get(0);
    }

    /** Whether the call was still waiting, and is not any more: it goes alone. */
    private boolean leave(Waiting<C, R> waiting) {
        synchronized (queue) {
            return queue.remove(waiting);
        }
    }

    int waiting() {
        synchronized (queue) {
            return queue.size();
        }
    }

    private void hurry() {
        synchronized (queue) {
            dispatch(0);
        }
    }

    /**
     * How a call goes on.
     *
     * @param batch calls that its caller runs, its own first; none where the outcome is there
     * @param isCounted whether it goes alone as one of those who may
     */
    private record Turn<C, R>(Outcome<R> outcome, List<Waiting<C, R>> batch, boolean isCounted) {}

    /** A call, until its turn comes. */
    private static final class Waiting<C, R> extends CompletableFuture<Turn<C, R>> {

        private final C call;

        Waiting(C call) {
            this.call = call;
        }

        C call() {
            return call;
        }

        Turn<C, R> await(WriteCoalescer<C, R> calls) {
            long begun = System.nanoTime();
            long step = Math.min(calls.patience.toMillis(), calls.patienceWithBatch.toMillis());
            boolean interrupted = false;
            try {
                while (true) {
                    try {
                        return get(step, TimeUnit.MILLISECONDS);
                    } catch (InterruptedException e) {
                        interrupted = true;
                    } catch (TimeoutException e) {
                        if (isOver(calls.patience, begun)) {
                            calls.hurry();
                        }
                    } catch (ExecutionException e) {
                        throw new IllegalStateException("The caller who ran the batch had an error", e);
                    }
                    if ((interrupted || isOver(calls.patienceWithBatch, begun)) && calls.leave(this)) {
                        return new Turn<>(new Outcome.NotApplied<>(), List.of(), false);
                    }
                }
            } finally {
                if (interrupted) {
                    Thread.currentThread().interrupt();
                }
            }
        }

        private static boolean isOver(Duration time, long begun) {
            return System.nanoTime() - begun >= time.toNanos();
        }
    }
}
