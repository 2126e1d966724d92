package com.vantage.syncstate.database;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import com.vantage.syncstate.error.ProblemType;
import com.vantage.syncstate.error.RequestRejected;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.springframework.dao.DataAccessResourceFailureException;
import org.springframework.mock.web.MockHttpServletRequest;
import org.springframework.transaction.support.TransactionSynchronizationManager;
import org.springframework.web.context.request.RequestContextHolder;
import org.springframework.web.context.request.ServletRequestAttributes;

/** Which request works with the database when, and which does not wait for it. */
@Timeout(value = 30, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class RequestQueueTest {

    private static final int QUEUED = 5;

    private final RequestQueue queue = new RequestQueue("reader", 4, QUEUED, Duration.ofMinutes(1));
    private final SimpleMeterRegistry meters = new SimpleMeterRegistry();
    private final List<Integer> begun = new CopyOnWriteArrayList<>();
    private final CountDownLatch gate = new CountDownLatch(1);
    private final ExecutorService callers = Executors.newCachedThreadPool();

    @BeforeEach
    void watch() {
        queue.bindTo(meters);
    }

    @AfterEach
    void letEveryoneGo() {
        gate.countDown();
        callers.shutdown();
    }

    @Test
    void leavesTwoConnectionsToTheService() throws Exception {
        List<CompletableFuture<Integer>> two = List.of(request(0), request(1));
        await().until(() -> begun.size() == 2);
        CompletableFuture<Integer> third = request(2);
        await().until(() -> queued() == 1);

        assertThat(meters.get("vantage.requests.working").gauge().value()).isEqualTo(2);
        assertThat(begun).hasSize(2);
        gate.countDown();

        assertThat(third.get(10, TimeUnit.SECONDS)).isEqualTo(2);
        assertThat(two)
                .allSatisfy(one -> assertThat(one.get(10, TimeUnit.SECONDS)).isNotNull());
    }

    /** One at a time: of two, one could be passed by many before it says that it has begun. */
    @Test
    void servesInTheOrderInWhichTheyCame() throws Exception {
        var single = new RequestQueue("reader", 3, QUEUED, Duration.ofMinutes(1));
        List<Thread> all = new ArrayList<>();
        for (int number = 0; number <= QUEUED; number++) {
            int own = number;
            var caller = new Thread(() -> work(single, own));
            all.add(caller);
            caller.start();
            Thread.State state = number == 0 ? Thread.State.WAITING : Thread.State.TIMED_WAITING;
            await().until(() -> caller.getState() == state);
        }

        gate.countDown();
        for (Thread caller : all) {
            caller.join();
        }

        assertThat(begun).containsExactly(0, 1, 2, 3, 4, 5);
    }

    @Test
    void refusesAtOnceWhoComesWhenItIsFull() {
        List<CompletableFuture<Integer>> all = full();

        assertThatThrownBy(() -> ofRequest(() -> queue.inTurn(() -> 1)))
                .isInstanceOfSatisfying(RequestRejected.class, rejected -> {
                    assertThat(rejected.problem()).isEqualTo(ProblemType.OVERLOADED);
                    assertThat(rejected).hasMessageContaining("vantage.datasource.max-queued-requests");
                });
        assertThat(queued()).isEqualTo(QUEUED);
        gate.countDown();

        assertThat(all)
                .allSatisfy(one -> assertThat(one.get(10, TimeUnit.SECONDS)).isNotNull());
        assertThat(ofRequest(() -> queue.inTurn(() -> 1))).isEqualTo(1);
    }

    @Test
    void holdsUpNothingButRequests() {
        assertThat(full()).hasSize(2 + QUEUED);

        assertThat(queue.inTurn(() -> 1)).isEqualTo(1);
        var shared = new ArrayList<Integer>();
        ofRequest(() -> {
            RequestQueue.outOfTurn(() -> shared.add(queue.inTurn(() -> 2)));
            return 0;
        });
        assertThat(shared).containsExactly(2);
        TransactionSynchronizationManager.setActualTransactionActive(true);
        try {
            assertThat(ofRequest(() -> queue.inTurn(() -> 3))).isEqualTo(3);
        } finally {
            TransactionSynchronizationManager.setActualTransactionActive(false);
        }
    }

    @Test
    void takesADatabaseThatAnswersNobodyForUnavailable() {
        var impatient = new RequestQueue("reader", 1, QUEUED, Duration.ofMillis(1));
        CompletableFuture<Integer> hanging = CompletableFuture.supplyAsync(() -> work(impatient, 0), callers);
        await().until(() -> begun.size() == 1);

        assertThatThrownBy(() -> ofRequest(() -> impatient.inTurn(() -> 1)))
                .isInstanceOf(DataAccessResourceFailureException.class)
                .hasMessageContaining("reader pool");
        assertThat(hanging).isNotDone();
    }

    @Test
    void givesThePlaceOfAFailureBack() {
        for (int i = 0; i < 10; i++) {
            assertThatThrownBy(() -> ofRequest(() -> queue.inTurn(() -> {
                        throw new IllegalStateException("lost");
                    })))
                    .hasMessage("lost");
        }
        assertThat(meters.get("vantage.requests.working").gauge().value()).isZero();
    }

    /** As many as work at a time, and as many as may wait, each in its place. */
    private List<CompletableFuture<Integer>> full() {
        return IntStream.range(0, 2 + QUEUED)
                .mapToObj(number -> {
                    CompletableFuture<Integer> one = request(number);
                    await().until(() -> begun.size() + queued() == number + 1);
                    return one;
                })
                .toList();
    }

    private CompletableFuture<Integer> request(int number) {
        return CompletableFuture.supplyAsync(() -> work(queue, number), callers);
    }

    private int work(RequestQueue queue, int number) {
        return ofRequest(() -> queue.inTurn(() -> {
            begun.add(number);
            try {
                gate.await();
            } catch (InterruptedException e) {
                throw new IllegalStateException(e);
            }
            return number;
        }));
    }

    private int queued() {
        return (int) meters.get("vantage.requests.queued").gauge().value();
    }

    private static int ofRequest(Supplier<Integer> work) {
        RequestContextHolder.setRequestAttributes(new ServletRequestAttributes(new MockHttpServletRequest()));
        try {
            return work.get();
        } finally {
            RequestContextHolder.resetRequestAttributes();
        }
    }
}
