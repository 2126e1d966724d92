package com.vantage.syncstate.database;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import com.vantage.syncstate.database.WriteCoalescer.Outcome;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Which calls go together, and what each of them is answered with. */
@Timeout(value = 30, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class WriteCoalescerTest {

    private static final Duration FOR_EVER = Duration.ofMinutes(1);

    /** What went, in its order: {@code a} alone, {@code [a, b]} together. */
    private final List<String> went = new CopyOnWriteArrayList<>();

    private final Map<String, CountDownLatch> gates = new ConcurrentHashMap<>();
    private final ExecutorService callers = Executors.newCachedThreadPool();

    @AfterEach
    void letEveryoneGo() {
        gates.values().forEach(CountDownLatch::countDown);
        callers.shutdown();
    }

    @Test
    void aCallGoesAloneWhereNoOtherIsAtWork() {
        var calls = coalescer(1, 32);

        assertThat(calls.write("a")).isEqualTo("a alone");
        assertThat(calls.write("b")).isEqualTo("b alone");

        assertThat(went).containsExactly("a", "b");
    }

    @Test
    void thoseThatArriveMeanwhileGoTogetherInTheirOrder() throws Exception {
        var calls = coalescer(1, 32);
        Future<String> first = held(calls, "a");
        List<Future<String>> others = queued(calls, "b", "c", "d");
        release("a");

        assertThat(first.get()).isEqualTo("a alone");
        assertThat(answers(others)).containsExactly("b together", "c together", "d together");
        assertThat(went).containsExactly("a", "[b, c, d]");
    }

    @Test
    void thoseThatArriveDuringABatchGoTogetherInTheNext() throws Exception {
        var calls = coalescer(0, 32);
        Future<String> first = held(calls, "a");
        List<Future<String>> others = queued(calls, "b", "c");
        release("a");

        assertThat(first.get()).isEqualTo("a together");
        assertThat(answers(others)).containsExactly("b together", "c together");
        assertThat(went).containsExactly("[a]", "[b, c]");
    }

    @Test
    void aFewGoAloneAtTheSameTime() throws Exception {
        var calls = coalescer(3, 32);
        List<Future<String>> few = List.of(held(calls, "a"), held(calls, "b"), held(calls, "c"));
        List.of("a", "b", "c").forEach(this::release);

        assertThat(answers(few)).containsExactly("a alone", "b alone", "c alone");
        assertThat(went).containsExactly("a", "b", "c");
    }

    @Test
    void goesBackToAloneOnceTheyAreFewAgain() throws Exception {
        var calls = coalescer(2, 32);
        Future<String> one = held(calls, "a");
        Future<String> two = held(calls, "b");
        gates.put("c", new CountDownLatch(1));
        List<Future<String>> batch = queued(calls, "c", "d");
        release("a");
        await().until(() -> went.contains("[c, d]"));
        List<Future<String>> late = queued(calls, "e");
        release("c");

        assertThat(answers(batch)).containsExactly("c together", "d together");
        assertThat(answers(late)).containsExactly("e alone");
        release("b");
        assertThat(answers(List.of(one, two))).containsExactly("a alone", "b alone");
    }

    @Test
    void staysTogetherWhileTheCallersOfTheLastBatchMayComeBack() throws Exception {
        var calls = coalescer(2, 32);
        List<Future<String>> alone = List.of(held(calls, "a"), held(calls, "b"));
        gates.put("c", new CountDownLatch(1));
        List<Future<String>> batch = queued(calls, "c", "d", "e");
        List.of("a", "b").forEach(this::release);
        assertThat(answers(alone)).containsExactly("a alone", "b alone");
        await().until(() -> went.contains("[c, d, e]"));
        List<Future<String>> next = queued(calls, "f", "g");
        release("c");

        assertThat(answers(batch)).containsExactly("c together", "d together", "e together");
        assertThat(answers(next)).containsExactly("f together", "g together");
    }

    @Test
    void aBatchHasSoManyCallsAndNoMore() throws Exception {
        var calls = coalescer(1, 2);
        Future<String> first = held(calls, "a");
        List<Future<String>> others = queued(calls, "b", "c", "d", "e");
        release("a");

        first.get();
        assertThat(answers(others)).allMatch(answer -> answer.endsWith("together"));
        assertThat(went).containsExactly("a", "[b, c]", "[d, e]");
    }

    @Test
    void aRefusedCallTouchesNoOther() throws Exception {
        var calls = coalescer(1, 32);
        Future<String> first = held(calls, "a");
        List<Future<String>> others = queued(calls, "b", "refused", "c");
        release("a");

        first.get();
        assertThat(others.get(0).get()).isEqualTo("b together");
        assertThatThrownBy(() -> others.get(1).get()).hasRootCauseMessage("refused");
        assertThat(others.get(2).get()).isEqualTo("c together");
    }

    @Test
    void whatWasNotAppliedGoesAlone() throws Exception {
        var calls = coalescer(1, 32);
        Future<String> first = held(calls, "a");
        List<Future<String>> others = queued(calls, "locked", "b");
        release("a");

        first.get();
        assertThat(answers(others)).containsExactly("locked alone", "b together");
    }

    @Test
    void whatBreaksABatchIsThrownToAllInItAndNobodyElse() throws Exception {
        var calls = coalescer(1, 32);
        Future<String> first = held(calls, "a");
        List<Future<String>> others = queued(calls, "b", "broken", "c");
        release("a");

        first.get();
        for (Future<String> other : others) {
            assertThatThrownBy(other::get).hasRootCauseMessage("broken");
        }
        assertThat(calls.write("d")).isEqualTo("d alone");
    }

    @Test
    void whatHangsAloneHoldsUpNoOther() throws Exception {
        var calls = coalescer(1, 32, Duration.ofMillis(1), FOR_EVER);
        Future<String> hanging = held(calls, "a");

        assertThat(calls.write("b")).isEqualTo("b together");
        assertThat(hanging).isNotDone();
    }

    @Test
    void whoeverWaitsTooLongForABatchGoesAlone() throws Exception {
        var calls = coalescer(0, 32, FOR_EVER, Duration.ofMillis(1));
        Future<String> hanging = held(calls, "a");

        assertThat(calls.write("b")).isEqualTo("b alone");
        assertThat(hanging).isNotDone();
    }

    @Test
    void whoeverIsInterruptedWhileWaitingGoesAloneAndStaysInterrupted() throws Exception {
        var calls = coalescer(0, 32);
        Future<String> batch = held(calls, "a");
        var caller = new AtomicReference<Thread>();
        Future<String> interrupted = callers.submit(() -> {
            caller.set(Thread.currentThread());
            return calls.write("b") + (Thread.interrupted() ? ", interrupted" : "");
        });
        await().until(() -> calls.waiting() == 1);
        caller.get().interrupt();

        assertThat(interrupted.get()).isEqualTo("b alone, interrupted");
        release("a");
        assertThat(batch.get()).isEqualTo("a together");
        assertThat(went).containsExactly("[a]", "b");
    }

    @Test
    void whoeverIsInterruptedInABatchGetsTheAnswerAndStaysInterrupted() throws Exception {
        var calls = coalescer(1, 32);
        Future<String> first = held(calls, "a");
        gates.put("b", new CountDownLatch(1));
        List<Future<String>> others = queued(calls, "b");
        var caller = new AtomicReference<Thread>();
        Future<String> interrupted = callers.submit(() -> {
            caller.set(Thread.currentThread());
            return calls.write("c") + (Thread.interrupted() ? ", interrupted" : "");
        });
        await().until(() -> calls.waiting() == 2);
        release("a");
        await().until(() -> went.contains("[b, c]"));
        caller.get().interrupt();
        release("b");

        assertThat(interrupted.get()).isEqualTo("c together, interrupted");
        assertThat(answers(others)).containsExactly("b together");
        first.get();
    }

    @Test
    void noCallIsLostOrMadeTwiceOrAnsweredWithAnothers() throws Exception {
        var made = new ConcurrentHashMap<String, Integer>();
        var batches = new AtomicInteger();
        var alone = new AtomicInteger();
        var coalescer = new CompletableFuture<WriteCoalescer<String, String>>();
        var calls = new WriteCoalescer<String, String>(
                2,
                5,
                call -> {
                    // Until others wait for both, which so go together however fast the rest are.
                    if (alone.incrementAndGet() <= 2) {
                        await().until(() -> coalescer.join().waiting() > 0);
                    }
                    made.merge(call, 1, Integer::sum);
                    return call;
                },
                batch -> {
                    batches.incrementAndGet();
                    List<Outcome<String>> outcomes = new ArrayList<>();
                    for (String call : batch) {
                        if (call.endsWith("7")) {
                            outcomes.add(new Outcome.NotApplied<>());
                        } else {
                            made.merge(call, 1, Integer::sum);
                            outcomes.add(new Outcome.Answer<>(call));
                        }
                    }
                    return outcomes;
                },
                FOR_EVER,
                FOR_EVER);
        coalescer.complete(calls);
        List<Future<Boolean>> clients = new ArrayList<>();
        for (int client = 0; client < 8; client++) {
            String name = client + "-";
            clients.add(callers.submit(() -> {
                boolean right = true;
                for (int call = 0; call < 1_000; call++) {
                    right &= calls.write(name + call).equals(name + call);
                }
                return right;
            }));
        }

        for (Future<Boolean> client : clients) {
            assertThat(client.get()).isTrue();
        }
        assertThat(made)
                .hasSize(8_000)
                .allSatisfy((call, times) -> assertThat(times).isOne());
        assertThat(batches).hasPositiveValue();
        assertThat(calls.waiting()).isZero();
    }

    private WriteCoalescer<String, String> coalescer(int maxAlone, int maxTogether) {
        return coalescer(maxAlone, maxTogether, FOR_EVER, FOR_EVER);
    }

    private WriteCoalescer<String, String> coalescer(
            int maxAlone, int maxTogether, Duration patience, Duration patienceWithBatch) {
        return new WriteCoalescer<>(maxAlone, maxTogether, this::alone, this::together, patience, patienceWithBatch);
    }

    private String alone(String call) {
        went.add(call);
        pass(call);
        return call + " alone";
    }

    private List<Outcome<String>> together(List<String> batch) {
        went.add(batch.toString());
        batch.forEach(this::pass);
        if (batch.contains("broken")) {
            throw new IllegalStateException("broken");
        }
        return batch.stream()
                .<Outcome<String>>map(call -> switch (call) {
                    case "refused" -> new Outcome.Failure<>(new IllegalArgumentException("refused"));
                    case "locked" -> new Outcome.NotApplied<>();
                    default -> new Outcome.Answer<>(call + " together");
                })
                .toList();
    }

    private void pass(String call) {
        try {
            if (!gates.getOrDefault(call, new CountDownLatch(0)).await(20, TimeUnit.SECONDS)) {
                throw new IllegalStateException(call + " was not released");
            }
        } catch (InterruptedException e) {
            // One that is interrupted passes, as a statement that is under way does.
            Thread.currentThread().interrupt();
        }
    }

    private void release(String call) {
        gates.get(call).countDown();
    }

    /** Is under way and stays so until it is released. */
    private Future<String> held(WriteCoalescer<String, String> calls, String call) {
        gates.put(call, new CountDownLatch(1));
        Future<String> answer = callers.submit(() -> calls.write(call));
        await().until(() -> went.contains(call) || went.contains("[" + call + "]"));
        return answer;
    }

    private List<Future<String>> queued(WriteCoalescer<String, String> calls, String... names) {
        List<Future<String>> answers = new ArrayList<>();
        for (String name : names) {
            answers.add(callers.submit(() -> calls.write(name)));
            int waiting = answers.size();
            await().pollInterval(Duration.ofMillis(1)).until(() -> calls.waiting() == waiting);
        }
        return answers;
    }

    private static List<String> answers(List<Future<String>> answers) throws Exception {
        List<String> texts = new ArrayList<>();
        for (Future<String> answer : answers) {
            texts.add(answer.get());
        }
        return texts;
    }
}
