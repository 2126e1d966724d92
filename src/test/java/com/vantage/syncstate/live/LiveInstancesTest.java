package com.vantage.syncstate.live;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.vantage.syncstate.support.ApiClient;
import com.vantage.syncstate.support.ServiceInstance;
import com.vantage.syncstate.support.TestDatabase;
import com.vantage.syncstate.support.TestDatabase.Address;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Streams of several instances, of slow readers, and of an instance that ends. */
class LiveInstancesTest {

    private final List<ServiceInstance> instances = new ArrayList<>();
    private final List<AutoCloseable> readers = new ArrayList<>();
    private Address database;

    @BeforeEach
    void createDatabase() {
        database = TestDatabase.create();
    }

    @AfterEach
    void end() throws Exception {
        for (AutoCloseable reader : readers) {
            reader.close();
        }
        instances.forEach(ServiceInstance::close);
    }

    @Test
    void sendWhatChangedThroughOneToTheReadersOfAll() throws Exception {
        ApiClient one = instance();
        ApiClient other = instance();
        EventStreamReader live = read(other);
        live.next("snapshot");

        one.post("/sync-states/accounts/start");

        assertThat(live.next("sync-state").json())
                .isEqualTo(other.get("/sync-states").json().get(0));
    }

    @Test
    void slowReaderHoldsNobodyBackAndIsLetGo() throws Exception {
        ApiClient api = instance("--server.tomcat.connection-timeout=5s");
        StatePoller watcher = instances.get(0).context().getBean(StatePoller.class);
        fillWithErrors();
        for (int i = 0; i < 20; i++) {
            stall(api);
        }
        await().until(() -> watcher.streams() == 20);
        EventStreamReader fast = read(api);
        fast.next("snapshot");

        for (int i = 0; i < 5; i++) {
            api.post("/sync-states/accounts/start");
            fast.state("accounts", "running");
            api.post("/sync-states/accounts/complete", "{}");
            fast.state("accounts", "success");
        }

        await().atMost(Duration.ofSeconds(20)).until(() -> watcher.streams() == 1);
    }

    /** Whoever waited for the readers to leave would wait for an hour. */
    @Test
    @Timeout(60)
    void endWithTheInstanceAtOnce() throws Exception {
        ApiClient api = instance("--spring.lifecycle.timeout-per-shutdown-phase=1h");
        StatePoller watcher = instances.get(0).context().getBean(StatePoller.class);
        fillWithErrors();
        List<EventStreamReader> streams = new ArrayList<>();
        for (int i = 0; i < 5; i++) {
            streams.add(read(api));
        }
        for (EventStreamReader stream : streams) {
            stream.next("snapshot");
        }
        for (int i = 0; i < 10; i++) {
            stall(api);
        }
        await().until(() -> watcher.streams() == 15);

        instances.get(0).close();

        await().untilAsserted(() -> assertThat(streams).allMatch(EventStreamReader::hasEnded));
    }

    /** Some 8 MB of states, more than a socket takes that nobody reads from. */
    private void fillWithErrors() {
        database.execute("""
                insert into public.vantage_sync_state (resource, last_sync_status, started_at, completed_at, errors)
                select 'failed-' || i, 'failed', now(), now(),
                  jsonb_build_array(jsonb_build_object('code', 'LARGE', 'message', repeat('x', 5000)))
                from generate_series(1, 1500) as i;
                analyze public.vantage_sync_state;
                """);
    }

    private ApiClient instance(String... more) {
        var instance = ServiceInstance.on(database, more);
        instances.add(instance);
        return instance.api();
    }

    private EventStreamReader read(ApiClient api) {
        EventStreamReader reader = EventStreamReader.of(api);
        readers.add(reader);
        return reader;
    }

    /** Asks for the stream, and never reads it. */
    private void stall(ApiClient api) throws IOException {
        var socket = new Socket();
        readers.add(socket);
        socket.setReceiveBufferSize(4_096);
        socket.connect(new InetSocketAddress(
                InetAddress.getLoopbackAddress(), URI.create(api.base()).getPort()));
        socket.getOutputStream()
                .write("GET /sync-states HTTP/1.1\r\nHost: x\r\nAccept: text/event-stream\r\napikey: key\r\n\r\n"
                        .getBytes(StandardCharsets.US_ASCII));
    }
}
