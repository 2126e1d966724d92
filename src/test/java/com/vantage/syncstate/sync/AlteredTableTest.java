package com.vantage.syncstate.sync;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.vantage.syncstate.support.ApiClient.Response;
import com.vantage.syncstate.support.ServiceInstance;
import com.vantage.syncstate.support.TestDatabase;
import com.vantage.syncstate.support.TestDatabase.Address;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A newer version may migrate the database while this one serves. */
class AlteredTableTest {

    private static final String WAITING = "select count(*) from pg_stat_activity"
            + " where wait_event_type = 'Lock' and query like '%_vantage_sync(%' and datname = current_database()";

    @ParameterizedTest
    @ValueSource(strings = {"--vantage.batch.max-calls=1", "--vantage.batch.above=0"})
    void aCallThatWaitsForAMigrationOfTheStateIsApplied(String batches) throws Exception {
        Address database = TestDatabase.create();
        try (var service = ServiceInstance.on(database, batches);
                var migration = database.connect();
                var statement = migration.createStatement()) {
            migration.setAutoCommit(false);
            statement.execute("alter table public.vantage_sync_state add column newer integer");
            CompletableFuture<Response> start =
                    CompletableFuture.supplyAsync(() -> service.api().post("/sync-states/accounts/start"));
            await().until(() -> database.superuser().query(WAITING).equals("1"));

            migration.commit();

            assertThat(start.get().status()).as(start.get().toString()).isEqualTo(200);
            assertThat(service.api().post("/sync-states/accounts/complete").status())
                    .isEqualTo(200);
        }
    }
}
