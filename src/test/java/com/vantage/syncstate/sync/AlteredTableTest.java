package com.vantage.syncstate.sync;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.vantage.syncstate.support.ApiClient;
import com.vantage.syncstate.support.ApiClient.Response;
import com.vantage.syncstate.support.ServiceInstance;
import com.vantage.syncstate.support.TestDatabase;
import com.vantage.syncstate.support.TestDatabase.Address;
import java.net.http.HttpRequest.BodyPublishers;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** A newer version may migrate the database while this one serves. */
class AlteredTableTest {

    private static final String WAITING = "select count(*) from pg_stat_activity"
            + " where wait_event_type = 'Lock' and datname = current_database() and strpos(query, '%s') > 0";

    private static final String START = "{\"p_resource\": \"accounts\", \"p_force\": true}";

    private static final Address DATABASE = TestDatabase.create();

    private static ServiceInstance alone;
    private static ServiceInstance batched;
    private static int migrations;

    @BeforeAll
    static void start() {
        alone = ServiceInstance.on(DATABASE, "--vantage.batch.max-calls=1");
        batched = ServiceInstance.on(DATABASE, "--vantage.batch.above=0");
    }

    @AfterAll
    static void end() {
        alone.close();
        batched.close();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "start_vantage_sync(     | POST /sync-states/accounts/start {\"force\": true}",
                "\"records_synced\"       | POST /rest/v1/rpc/start_vantage_sync {\"p_resource\": \"accounts\", \"p_force\": true}",
                "insert into             | POST /rest/v1/vantage_sync_state {\"resource\": \"written\"}",
                "update                  | PATCH /rest/v1/vantage_sync_state?resource=eq.funds {\"records_synced\": 1}",
                "delete from             | DELETE /rest/v1/vantage_sync_state?resource=eq.written",
                "\"vantage_sync_state\" | GET /rest/v1/vantage_sync_state",
                "ping_vantage_sync       | POST /ping/-/funds/start",
                "ping_vantage_sync       | POST /ping/-/funds/fail",
                "insert into             | PUT /sync-states/cashflows {\"stale_after\": \"P2D\"}",
                "s.resource, last_sync_t | GET /sync-states",
                "delete from             | DELETE /sync-states/cashflows",
            })
    void aCallThatWaitsForAMigrationOfTheStateIsApplied(String statement, String call) throws Exception {
        plan(alone.api());

        assertApplied(alone, statement, call);
    }

    @Test
    void soIsOneInABatch() throws Exception {
        assertApplied(batched, "b.call_number", "POST /sync-states/accounts/start {\"force\": true}");
    }

    private static void assertApplied(ServiceInstance service, String statementOf, String call) throws Exception {
        String[] parts = call.split(" ", 3);
        ApiClient api = service.api().with("Content-Type", "application/json");
        try (var migration = DATABASE.connect();
                var statement = migration.createStatement()) {
            migration.setAutoCommit(false);
            statement.execute("alter table public.vantage_sync_state add column newer_" + ++migrations + " integer");
            CompletableFuture<Response> answer = CompletableFuture.supplyAsync(() -> api.call(
                    parts[0],
                    parts[1],
                    parts.length == 2 ? BodyPublishers.noBody() : BodyPublishers.ofString(parts[2])));
            await().until(() ->
                    DATABASE.superuser().query(WAITING.formatted(statementOf)).equals("1"));

            migration.commit();

            assertThat(answer.get().status()).as(answer.get().toString()).isBetween(200, 299);
        }
        assertThat(service.api().get("/sync-states/accounts").status()).isEqualTo(200);
    }

    /** So that each connection has plans of what it calls: one that has none waits where it makes them, and sees the new table. */
    private static void plan(ApiClient api) {
        ExecutorService callers = Executors.newFixedThreadPool(16);
        IntStream.range(0, 100)
                .mapToObj(i -> CompletableFuture.supplyAsync(
                        () -> api.post(i % 2 == 0 ? "/rest/v1/rpc/start_vantage_sync" : "/ping/-/funds", START),
                        callers))
                .toList()
                .forEach(CompletableFuture::join);
        callers.shutdown();
    }
}
