package com.vantage.syncstate.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.vantage.syncstate.support.ApiClient.Response;
import com.vantage.syncstate.support.ApiTest;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.IntFunction;
import java.util.function.Predicate;
import java.util.function.Supplier;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.springframework.test.context.TestPropertySource;

/** More requests at a time than may wait for the database: it works for one, one waits, the others are refused. */
@TestPropertySource(
        properties = {
            "vantage.datasource.reader.maximum-pool-size=3",
            "vantage.datasource.service.maximum-pool-size=3",
            "vantage.datasource.max-queued-requests=1"
        })
class OverloadTest extends ApiTest {

    private static final int CALLERS = 6;

    private final ExecutorService callers = Executors.newFixedThreadPool(CALLERS);

    @AfterEach
    void end() {
        callers.shutdown();
    }

    @Test
    void refusesThoseWhoComeWhenTooManyWait() throws Exception {
        whileNobodyCanRead(() -> {
            List<Response> refused = refused(() -> service.put("/sync-states/new"));

            assertThat(refused).allSatisfy(response -> {
                assertThat(response.status()).isEqualTo(503);
                assertThat(response.header("Retry-After")).hasValue("1");
                assertThat(response.text("detail")).contains("nothing was done", "Retry-After");
            });
        });

        assertThat(service.put("/sync-states/new").status()).isEqualTo(201);
    }

    @Test
    void refusesThoseOfSupabaseInTheirFormat() throws Exception {
        // So that the columns are known, which are read once.
        assertThat(reader.get("/rest/v1/vantage_sync_state?limit=1").status()).isEqualTo(200);

        whileNobodyCanRead(() -> {
            List<Response> refused = refused(
                    number -> reader.get("/rest/v1/vantage_sync_state?limit=" + (1 + number)),
                    response -> "PGRSTX02".equals(response.text("code")));

            assertThat(refused)
                    .allSatisfy(response ->
                            assertThat(response.header("Retry-After")).hasValue("1"));
        });
    }

    @Test
    void answersWhatNeedsNoDatabaseMeanwhile() throws Exception {
        whileNobodyCanRead(() -> {
            assertThat(refused(() -> service.put("/sync-states/new"))).isNotEmpty();

            assertThat(anonymous.get("/actuator/health/liveness").status()).isEqualTo(200);
            assertThat(anonymous.get("/index.html").status()).isEqualTo(200);
            assertThat(anonymous.get("/sync-states").status()).isEqualTo(401);
            assertThat(reader.get("/nothing-here").status()).isEqualTo(404);
            assertThat(reader.get("/actuator/prometheus").body()).contains("vantage_requests_queued{pool=\"service\"}");
        });
    }

    /** Holds a lock that every statement about states waits for, until its own time-out. */
    private void whileNobodyCanRead(Runnable test) throws Exception {
        try (var connection = database.connect();
                var statement = connection.createStatement()) {
            connection.setAutoCommit(false);
            statement.execute("lock table public.vantage_sync_state in access exclusive mode");
            test.run();
            connection.rollback();
        }
    }

    private List<Response> refused(Supplier<Response> call) {
        return refused(number -> call.get(), response -> "overloaded".equals(response.problem()));
    }

    /** Those of several calls at one time that were refused for the queue, tried until there are some. */
    private List<Response> refused(IntFunction<Response> call, Predicate<Response> isRefused) {
        return await().until(
                        () -> {
                            List<CompletableFuture<Response>> calls = IntStream.range(0, CALLERS)
                                    .mapToObj(
                                            number -> CompletableFuture.supplyAsync(() -> call.apply(number), callers))
                                    .toList();
                            return calls.stream()
                                    .map(CompletableFuture::join)
                                    .filter(isRefused)
                                    .toList();
                        },
                        refused -> !refused.isEmpty());
    }
}
