package com.vantage.syncstate.database;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Who shares a read with whom. */
@Timeout(value = 30, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class ReadCoalescerTest {

    private final ReadCoalescer<String, Integer> reads = new ReadCoalescer<>(Duration.ofMinutes(1));
    private final AtomicInteger begun = new AtomicInteger();
    private final List<CountDownLatch> gates = new ArrayList<>();
    private final List<Thread> threads = new CopyOnWriteArrayList<>();
    private final ExecutorService callers = Executors.newCachedThreadPool(task -> {
        var thread = new Thread(task);
        threads.add(thread);
        return thread;
    });

    @AfterEach
    void letEveryoneGo() {
        gates.forEach(CountDownLatch::countDown);
        callers.shutdown();
    }

    @Test
    void readsAnewForEachThatComesAlone() {
        assertThat(reads.read("list", begun::incrementAndGet)).isEqualTo(1);
        assertThat(reads.read("list", begun::incrementAndGet)).isEqualTo(2);
    }

    @Test
    void thoseWhoComeDuringAReadShareTheNext() throws Exception {
        var gate = gate();
        CompletableFuture<Integer> first = ask("list", gate);
        await().until(() -> begun.get() == 1);

        List<CompletableFuture<Integer>> others = new ArrayList<>();
        for (int i = 0; i < 20; i++) {
            others.add(ask("list", open()));
        }
        awaitWaiting(21);
        gate.countDown();

        assertThat(first.get(10, TimeUnit.SECONDS)).isEqualTo(1);
        for (CompletableFuture<Integer> other : others) {
            assertThat(other.get(10, TimeUnit.SECONDS)).isEqualTo(2);
        }
        assertThat(begun).hasValue(2);
    }

    @Test
    void readsOfOtherThingsDoNotWait() throws Exception {
        CompletableFuture<Integer> list = ask("list", gate());
        await().until(() -> begun.get() == 1);

        assertThat(ask("another", open()).get(10, TimeUnit.SECONDS)).isEqualTo(2);
        assertThat(list).isNotDone();
    }

    @Test
    void aReadThatHangsHoldsNobodyElse() throws Exception {
        var impatient = new ReadCoalescer<String, Integer>(Duration.ZERO);
        CompletableFuture<Integer> hanging = ask(impatient, "list", gate());
        await().until(() -> begun.get() == 1);

        assertThat(impatient.read("list", begun::incrementAndGet)).isEqualTo(2);
        assertThat(impatient.read("list", begun::incrementAndGet)).isEqualTo(3);
        assertThat(hanging).isNotDone();
    }

    @Test
    void aFailureIsOfThatReadAlone() {
        assertThatThrownBy(() -> reads.read("list", () -> {
                    throw new IllegalStateException("away");
                }))
                .isInstanceOf(IllegalStateException.class)
                .hasMessage("away");

        assertThat(reads.read("list", begun::incrementAndGet)).isEqualTo(1);
    }

    @Test
    void thoseWhoShareAReadShareItsFailure() throws Exception {
        var gate = gate();
        CompletableFuture<Integer> first = ask("list", gate);
        await().until(() -> begun.get() == 1);
        var failures = new ArrayList<CompletableFuture<Integer>>();
        for (int i = 0; i < 2; i++) {
            failures.add(CompletableFuture.supplyAsync(
                    () -> reads.read("list", () -> {
                        begun.incrementAndGet();
                        throw new IllegalStateException("away");
                    }),
                    callers));
        }
        awaitWaiting(3);
        gate.countDown();

        assertThat(first.get(10, TimeUnit.SECONDS)).isEqualTo(1);
        for (CompletableFuture<Integer> failure : failures) {
            assertThatThrownBy(() -> failure.get(10, TimeUnit.SECONDS))
                    .hasRootCauseInstanceOf(IllegalStateException.class);
        }
        assertThat(begun).hasValue(2);
    }

    private CompletableFuture<Integer> ask(String key, CountDownLatch gate) {
        return ask(reads, key, gate);
    }

    private CompletableFuture<Integer> ask(ReadCoalescer<String, Integer> reads, String key, CountDownLatch gate) {
        return CompletableFuture.supplyAsync(
                () -> reads.read(key, () -> {
                    int number = begun.incrementAndGet();
                    try {
                        gate.await();
                    } catch (InterruptedException e) {
                        throw new IllegalStateException(e);
                    }
                    return number;
                }),
                callers);
    }

    /** Until so many callers wait, for a gate or for another's read. */
    private void awaitWaiting(int number) {
        await().until(() -> threads.stream()
                        .map(Thread::getState)
                        .filter(state -> state == Thread.State.WAITING || state == Thread.State.TIMED_WAITING)
                        .count()
                == number);
    }

    private CountDownLatch gate() {
        var gate = new CountDownLatch(1);
        gates.add(gate);
        return gate;
    }

    private static CountDownLatch open() {
        return new CountDownLatch(0);
    }
}
