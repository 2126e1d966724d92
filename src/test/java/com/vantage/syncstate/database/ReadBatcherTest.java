package com.vantage.syncstate.database;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import com.vantage.syncstate.error.ProblemType;
import com.vantage.syncstate.error.RequestRejected;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.springframework.dao.DataAccessResourceFailureException;

/** Which reads go together in one statement. */
@Timeout(value = 30, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class ReadBatcherTest {

    private final ReadBatcher<String, String, String> reads = new ReadBatcher<>(Duration.ofMinutes(1));
    private final List<Set<String>> statements = new CopyOnWriteArrayList<>();
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
    void readsAtOnceForOneWhoComesAlone() {
        assertThat(reads.read("states", "a", this::rows)).isEqualTo("row a");
        assertThat(reads.read("states", "a", this::rows)).isEqualTo("row a");
        assertThat(reads.read("states", "none", this::rows)).isNull();

        assertThat(statements).containsExactly(Set.of("a"), Set.of("a"), Set.of("none"));
    }

    @Test
    void thoseWhoComeDuringAStatementGoTogetherInTheNext() throws Exception {
        var gate = gate();
        CompletableFuture<String> first = ask("a", held(gate));
        await().until(() -> statements.size() == 1);

        List<CompletableFuture<String>> others =
                List.of(ask("a", this::rows), ask("b", this::rows), ask("b", this::rows), ask("none", this::rows));
        awaitWaiting(5);
        gate.countDown();

        assertThat(result(first)).isEqualTo("row a");
        assertThat(others.stream().map(ReadBatcherTest::result)).containsExactly("row a", "row b", "row b", null);
        assertThat(statements).containsExactly(Set.of("a"), Set.of("a", "b", "none"));
    }

    @Test
    void noneIsLargerThanItMayBe() {
        var gate = gate();
        CompletableFuture<String> first = ask("a", held(gate));
        await().until(() -> statements.size() == 1);

        List<CompletableFuture<String>> others = IntStream.range(0, ReadBatcher.MAX_BATCH + 2)
                .mapToObj(number -> ask("b" + number, this::rows))
                .toList();
        awaitWaiting(ReadBatcher.MAX_BATCH + 3);
        gate.countDown();

        assertThat(result(first)).isEqualTo("row a");
        for (int number = 0; number < others.size(); number++) {
            assertThat(result(others.get(number))).isEqualTo("row b" + number);
        }
        assertThat(statements.stream().map(Set::size)).containsExactly(1, ReadBatcher.MAX_BATCH, 2);
    }

    @Test
    void readsOfAnotherKindDoNotWait() {
        CompletableFuture<String> held = ask("a", held(gate()));
        await().until(() -> statements.size() == 1);

        assertThat(reads.read("others", "a", this::rows)).isEqualTo("row a");
        assertThat(held).isNotDone();
    }

    @Test
    void aStatementThatHangsHoldsNobodyElse() {
        var impatient = new ReadBatcher<String, String, String>(Duration.ZERO);
        CompletableFuture<String> hanging =
                CompletableFuture.supplyAsync(() -> impatient.read("states", "a", held(gate())), callers);
        await().until(() -> statements.size() == 1);

        assertThat(impatient.read("states", "a", this::rows)).isEqualTo("row a");
        assertThat(impatient.read("states", "b", this::rows)).isEqualTo("row b");
        assertThat(hanging).isNotDone();
    }

    @Test
    void whoeverCannotBeReadFailsAlone() {
        var gate = gate();
        CompletableFuture<String> first = ask("a", held(gate));
        await().until(() -> statements.size() == 1);

        CompletableFuture<String> good = ask("good", this::rows);
        CompletableFuture<String> bad = ask("bad", this::rows);
        awaitWaiting(3);
        gate.countDown();

        assertThat(result(first)).isEqualTo("row a");
        assertThat(result(good)).isEqualTo("row good");
        assertThatThrownBy(() -> bad.get(10, TimeUnit.SECONDS)).hasRootCauseInstanceOf(IllegalStateException.class);
        assertThat(statements)
                .containsExactlyInAnyOrder(Set.of("a"), Set.of("good", "bad"), Set.of("good"), Set.of("bad"));
    }

    @Test
    void thoseWhoAreRefusedTogetherDoNotComeAgain() {
        var gate = gate();
        CompletableFuture<String> first = ask("a", held(gate));
        await().until(() -> statements.size() == 1);

        Function<Set<String>, Map<String, String>> full = keys -> {
            statements.add(Set.copyOf(keys));
            throw new RequestRejected(ProblemType.OVERLOADED, "too many", RequestRejected.Details.NONE);
        };
        List<CompletableFuture<String>> others = List.of(ask("b", full), ask("c", full));
        awaitWaiting(3);
        gate.countDown();

        assertThat(result(first)).isEqualTo("row a");
        assertThat(others)
                .allSatisfy(other -> assertThatThrownBy(() -> other.get(10, TimeUnit.SECONDS))
                        .hasRootCauseInstanceOf(RequestRejected.class));
        assertThat(statements).hasSize(2);
    }

    @Test
    void anUnavailableDatabaseIsTriedOnceForAll() {
        var gate = gate();
        CompletableFuture<String> first = ask("a", held(gate));
        await().until(() -> statements.size() == 1);

        List<CompletableFuture<String>> others = List.of(ask("b", this::away), ask("c", this::away));
        awaitWaiting(3);
        gate.countDown();

        assertThat(result(first)).isEqualTo("row a");
        assertThat(others)
                .allSatisfy(other -> assertThatThrownBy(() -> other.get(10, TimeUnit.SECONDS))
                        .hasRootCauseInstanceOf(DataAccessResourceFailureException.class));
        assertThat(statements).hasSize(2);
        assertThat(reads.read("states", "a", this::rows)).isEqualTo("row a");
    }

    private CompletableFuture<String> ask(String key, Function<Set<String>, Map<String, String>> database) {
        return CompletableFuture.supplyAsync(() -> reads.read("states", key, database), callers);
    }

    /** The planted database: a row for each key but one, and a key for which the statement fails. */
    private Map<String, String> rows(Set<String> keys) {
        statements.add(Set.copyOf(keys));
        if (keys.contains("bad")) {
            throw new IllegalStateException("too large");
        }
        return keys.stream().filter(key -> !key.equals("none")).collect(Collectors.toMap(key -> key, "row "::concat));
    }

    private Map<String, String> away(Set<String> keys) {
        statements.add(Set.copyOf(keys));
        throw new DataAccessResourceFailureException("away");
    }

    private Function<Set<String>, Map<String, String>> held(CountDownLatch gate) {
        return keys -> {
            Map<String, String> rows = rows(keys);
            try {
                gate.await();
            } catch (InterruptedException e) {
                throw new IllegalStateException(e);
            }
            return rows;
        };
    }

    private static String result(CompletableFuture<String> answer) {
        try {
            return answer.get(10, TimeUnit.SECONDS);
        } catch (Exception e) {
            throw new IllegalStateException(e);
        }
    }

    /** Until so many callers wait, for a gate or for another's statement. */
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
}
