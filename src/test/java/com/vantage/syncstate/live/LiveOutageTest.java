package com.vantage.syncstate.live;

import static org.assertj.core.api.Assertions.assertThat;

import com.vantage.syncstate.Api;
import com.vantage.syncstate.Api.Answer;
import com.vantage.syncstate.VantageSyncStateApplication;
import com.vantage.syncstate.live.Reader.Event;
import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.File;
import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.web.server.context.WebServerApplicationContext;
import org.springframework.context.ConfigurableApplicationContext;

/** What readers are told while PostgreSQL is gone, and once it is back. */
class LiveOutageTest {

    private static final int PORT = 10_000 + (int) (ProcessHandle.current().pid() % 10_000);

    @TempDir
    private Path directory;

    private EmbeddedPostgres postgres;
    private ConfigurableApplicationContext service;
    private Api api;

    @BeforeEach
    void start() throws IOException {
        postgres = startPostgres();
        service = SpringApplication.run(
                VantageSyncStateApplication.class,
                "--server.port=0",
                "--spring.datasource.url=jdbc:postgresql://127.0.0.1:" + PORT + "/postgres",
                "--spring.datasource.username=postgres",
                "--vantage.keys.service=key");
        int port = ((WebServerApplicationContext) service).getWebServer().getPort();
        api = Api.at("http://127.0.0.1:" + port).key("key");
    }

    @AfterEach
    void stop() throws IOException {
        service.close();
        postgres.close();
    }

    @Test
    void saysThatItSeesNothingAndBeginsAnewWhenItDoes() throws Exception {
        try (Reader live = Reader.of(api)) {
            live.next("snapshot");

            postgres.close();
            Event unavailable = live.next();
            Answer refused = api.with("Accept", "text/event-stream").get("/sync-states");
            postgres = startPostgres();
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

    private EmbeddedPostgres startPostgres() throws IOException {
        return EmbeddedPostgres.builder()
                .setPort(PORT)
                .setDataDirectory(new File(directory.toFile(), "data"))
                .setCleanDataDirectory(false)
                .start();
    }
}
