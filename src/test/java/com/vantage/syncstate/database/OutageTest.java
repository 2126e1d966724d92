package com.vantage.syncstate.database;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.vantage.syncstate.support.ApiClient;
import com.vantage.syncstate.support.ApiClient.Response;
import com.vantage.syncstate.support.RestartablePostgres;
import com.vantage.syncstate.support.ServiceInstance;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What callers get while PostgreSQL is frozen or gone, and once it is back. */
class OutageTest {

    @TempDir
    private static Path directory;

    private static RestartablePostgres postgres;
    private static ServiceInstance service;
    private static ApiClient api;

    @BeforeAll
    static void start() throws IOException {
        postgres = new RestartablePostgres(directory);
        service = ServiceInstance.on(postgres.address());
        api = service.api().within(Duration.ofSeconds(20));
    }

    @AfterAll
    static void stop() throws IOException {
        service.close();
        postgres.close();
    }

    @Test
    void answersWhileTheServerIsFrozenAndRecoversWithoutARestart() throws Exception {
        assertThat(api.get("/sync-states").status()).isEqualTo(200);

        signal("STOP");
        try {
            assertUnavailable();
        } finally {
            signal("CONT");
        }

        assertRecovers();
    }

    @Test
    void answersWhileTheServerIsGoneAndRecoversWithoutARestart() throws Exception {
        assertThat(api.get("/sync-states").status()).isEqualTo(200);

        postgres.stop();
        try {
            assertUnavailable();
        } finally {
            postgres.start();
        }

        assertRecovers();
    }

    @Test
    void answersWhileSomebodyElseHoldsTheRow() throws Exception {
        try (var connection = postgres.address().connect();
                var statement = connection.createStatement()) {
            connection.setAutoCommit(false);
            statement.execute("select from public.vantage_sync_state where resource = 'funds' for update");

            Response start = api.post("/sync-states/funds/start");

            assertThat(start.problem()).isEqualTo("database-unavailable");
            assertThat(api.get("/sync-states/funds").status()).isEqualTo(200);
        }
    }

    /**
     * Every request is answered before its caller gives up: more requests at once than there are connections, reads and
     * writes, so that some wait in the pool.
     */
    private static void assertUnavailable() throws Exception {
        for (int round = 0; round < 3; round++) {
            List<Callable<Response>> calls = new ArrayList<>();
            for (int caller = 0; caller < 12; caller++) {
                calls.add(() -> api.get("/sync-states"));
                calls.add(() -> api.post("/sync-states/accounts/start"));
            }
            calls.add(() -> api.get("/actuator/health/readiness"));
            var threads = Executors.newFixedThreadPool(calls.size());
            try {
                List<Response> answers = new ArrayList<>();
                for (Future<Response> answer : threads.invokeAll(calls)) {
                    answers.add(answer.get());
                }
                assertThat(answers).extracting(Response::status).containsOnly(503);
                assertThat(answers.subList(0, answers.size() - 1)).allSatisfy(answer -> {
                    assertThat(answer.problem()).isEqualTo("database-unavailable");
                    assertThat(answer.header("Retry-After")).isPresent();
                });
            } finally {
                threads.shutdownNow();
            }
            // About the instance alone: nobody makes it ask the database by them, and nobody restarts it for that.
            assertThat(api.get("/actuator/health/liveness").status()).isEqualTo(200);
            assertThat(api.get("/actuator/health").status()).isEqualTo(200);
        }
    }

    private static void assertRecovers() {
        await().atMost(Duration.ofSeconds(20)).untilAsserted(() -> {
            assertThat(api.get("/sync-states").status()).isEqualTo(200);
            assertThat(api.put("/sync-states/accounts").status()).isEqualTo(200);
            assertThat(api.get("/actuator/health/readiness").status()).isEqualTo(200);
        });
    }

    /** Signals the postmaster, which then begins no other process, and every process under it. */
    private static void signal(String signal) throws IOException, InterruptedException {
        long postmaster = Long.parseLong(Files.readAllLines(directory.resolve("data/postmaster.pid"))
                .get(0)
                .strip());
        ProcessHandle parent = ProcessHandle.of(postmaster).orElseThrow();
        kill(signal, Stream.of(parent));
        kill(signal, parent.descendants());
    }

    private static void kill(String signal, Stream<ProcessHandle> processes) throws IOException, InterruptedException {
        List<String> command = processes
                .map(process -> Long.toString(process.pid()))
                .collect(Collectors.toCollection(() -> new ArrayList<>(List.of("kill", "-" + signal))));
        // One that has ended meanwhile needs no signal, and makes kill fail.
        new ProcessBuilder(command).start().waitFor();
    }
}
