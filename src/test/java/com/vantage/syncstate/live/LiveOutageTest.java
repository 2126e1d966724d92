package com.vantage.syncstate.live;

import static org.assertj.core.api.Assertions.assertThat;

import com.vantage.syncstate.live.EventStreamReader.Event;
import com.vantage.syncstate.support.ApiClient;
import com.vantage.syncstate.support.ApiClient.Response;
import com.vantage.syncstate.support.RestartablePostgres;
import com.vantage.syncstate.support.ServiceInstance;
import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What readers see while PostgreSQL is gone, and once it is back. */
class LiveOutageTest {

    @TempDir
    private Path directory;

    private RestartablePostgres postgres;
    private ServiceInstance service;
    private ApiClient api;

    @BeforeEach
    void start() throws IOException {
        postgres = new RestartablePostgres(directory);
        service = ServiceInstance.on(postgres.address());
        api = service.api();
    }

    @AfterEach
    void stop() throws IOException {
        service.close();
        postgres.close();
    }

    @Test
    void saysThatItSeesNothingAndBeginsAnewWhenItDoes() throws Exception {
        try (EventStreamReader live = EventStreamReader.of(api)) {
            live.next("snapshot");

            postgres.stop();
            Event unavailable = live.next();
            Response refused = api.with("Accept", "text/event-stream").get("/sync-states");
            postgres.start();
            Event snapshot = live.next();
            api.post("/sync-states/accounts/start");

            assertThat(unavailable.name()).isEqualTo("unavailable");
            assertThat(unavailable.json().get("since").asString()).endsWith("Z");
            assertThat(refused.problem()).isEqualTo("database-unavailable");
            assertThat(refused.header("Retry-After")).isPresent();
            assertThat(snapshot.name()).isEqualTo("snapshot");
            assertThat(snapshot.json()).hasSize(3);
            live.state("accounts", "running");
        }
    }
}
