package com.vantage.syncstate.consistency;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.sun.net.httpserver.HttpExchange;
import com.vantage.syncstate.support.Ports;
import com.vantage.syncstate.support.Receiver;
import com.vantage.syncstate.support.Receiver.Received;
import com.vantage.syncstate.support.TestDatabase.Address;
import com.vantage.syncstate.support.TestServer;
import java.io.IOException;
import java.nio.file.Path;
import java.sql.Connection;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestInstance.Lifecycle;
import org.junit.jupiter.api.io.TempDir;

/** Two whole instances, in processes of their own, of which one evaluates and sends where the other does not any more. */
@TestInstance(Lifecycle.PER_CLASS)
class FailoverTest {

    private static final int RESOURCES = 100;
    private static final String SECRET = "whsec_MDEyMzQ1Njc4OTAxMjM0NTY3ODkwMTIz";

    @TempDir
    private static Path directory;

    private final Address database = TestServer.INSTALLED.create().superuser();
    private final Receiver receiver = new Receiver();
    private final List<DrillService> services = new ArrayList<>();

    @BeforeAll
    void startBoth() throws Exception {
        for (int number = 0; number < 2; number++) {
            services.add(service());
        }
        for (DrillService service : services) {
            service.awaitReady();
        }
    }

    @AfterAll
    void end() {
        services.forEach(DrillService::kill);
        receiver.close();
    }

    /**
     * Of what the killed one had claimed, one was received and not recorded, and the rest was not sent. Leaves one of them
     * killed.
     */
    @Test
    void losesNothingWhereInstancesAreKilledWhileTheySend() throws Exception {
        // So that a kill meets some that are under way.
        receiver.on("/hook", this::answerLate);
        DrillService one = services.get(0);
        DrillService other = services.get(1);

        write("failed");
        awaitReceived(RESOURCES / 4);
        CountDownLatch answers = holdAnswers(2);
        one.kill();
        receiver.on("/hook", this::answerLate);
        answers.countDown();
        write("success");
        awaitReceived(RESOURCES);
        awaitNoneOpen();
        answers = holdAnswers(1);
        other.kill();
        receiver.works("/hook");
        answers.countDown();
        int claimed = Integer.parseInt(database.query("""
                select count(*) from public.vantage_notification where status = 'pending' and lease_until > now()
                """));
        passLeases();
        one.start();
        awaitSent();

        Map<String, List<String>> types = new LinkedHashMap<>();
        Map<String, String> ids = new LinkedHashMap<>();
        for (Received received : receiver.at("/hook")) {
            List<String> seen = types.computeIfAbsent(received.resource(), resource -> new ArrayList<>());
            String event = received.resource() + " " + received.type();
            if (ids.putIfAbsent(event, received.id()) == null) {
                seen.add(received.type());
            }
            assertThat(received.id()).as("The id of " + event).isEqualTo(ids.get(event));
        }
        assertThat(types).hasSize(RESOURCES);
        assertThat(claimed).as("Claimed, and then killed").isGreaterThan(2);
        assertThat(receiver.at("/hook").size()).as("Once more for each kill").isGreaterThanOrEqualTo(ids.size() + 2);
        assertThat(types.values()).allSatisfy(seen -> assertThat(seen).containsExactly("alert.opened", "alert.closed"));
    }

    /** The lock of whoever is at it goes with its connection, as it does where a process or its host is lost. */
    @Test
    void evaluatesAgainOnceTheConnectionOfTheOneThatDoesIsLost() throws Exception {
        try (Connection held = database.connect()) {
            held.setAutoCommit(false);
            try (var statement = held.createStatement()) {
                statement.execute("select pg_advisory_xact_lock(hashtextextended('public.vantage_incident', 0))");
            }
            String before = evaluated();
            services.get(0).api().post("/sync-states/lock-1/start");
            services.get(0).api().post("/sync-states/lock-1/fail");

            assertThat(database.query("select public.evaluate_vantage_alerts()"))
                    .isNull();
            assertThat(evaluated()).isEqualTo(before);
            assertThat(incidents("lock-1")).isEqualTo("0");

            database.execute("select pg_terminate_backend(pid) from pg_locks where locktype = 'advisory' and granted"
                    + " and database = (select oid from pg_database where datname = current_database())");
        }

        await().atMost(Duration.ofSeconds(60)).until(() -> incidents("lock-1").equals("1"));
    }

    private void answerLate(HttpExchange exchange) throws IOException {
        LockSupport.parkNanos(50_000_000);
        Receiver.answer(exchange, 200, "");
    }

    /** Returns once so many wait for an answer, one an instance. */
    private CountDownLatch holdAnswers(int number) {
        var answers = new CountDownLatch(1);
        var waiting = new AtomicInteger();
        receiver.on("/hook", exchange -> {
            waiting.incrementAndGet();
            try {
                answers.await();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
            Receiver.answer(exchange, 200, "");
        });
        await().atMost(Duration.ofMinutes(1)).until(() -> waiting.get() >= number);
        return answers;
    }

    private String evaluated() {
        return database.query("select evaluated_at from public.vantage_watch");
    }

    private String incidents(String resource) {
        return database.query("select count(*) from public.vantage_incident where closed_at is null and resource like '"
                + resource + "'");
    }

    private void awaitNoneOpen() {
        await().atMost(Duration.ofMinutes(2)).until(() -> incidents("job-%").equals("0"));
    }

    private DrillService service() throws Exception {
        return new DrillService(
                directory,
                Ports.free(),
                database.url(),
                "--vantage.incidents.interval=PT1S",
                "--vantage.notify.channels.hook.kind=webhook",
                "--vantage.notify.channels.hook.url=" + receiver.url("/hook"),
                "--vantage.notify.channels.hook.secret=" + SECRET,
                "--vantage.notify.channels.hook.resources=job-*",
                "--vantage.notify.channels.hook.allow-private=true");
    }

    /** All at once, as it is where a source is lost and found; every incident is opened before any is closed. */
    private void write(String status) {
        database.execute("""
                insert into public.vantage_sync_state (resource, last_sync_status, started_at, completed_at, last_sync_time)
                select 'job-' || i, 'STATUS', now(), now(), now() from generate_series(1, RESOURCES) as i
                on conflict (resource) do update
                set last_sync_status = excluded.last_sync_status, completed_at = excluded.completed_at,
                  last_sync_time = excluded.last_sync_time
                """.replace("STATUS", status).replace("RESOURCES", String.valueOf(RESOURCES)));
    }

    private void awaitReceived(int number) {
        await().atMost(Duration.ofMinutes(2)).until(() -> receiver.at("/hook").size() >= number);
    }

    /** What a killed instance had claimed is free again after 90 seconds: they have gone by. */
    private void passLeases() {
        database.execute("update public.vantage_notification set lease_until = lease_until - interval '90 seconds'");
    }

    private void awaitSent() {
        await().atMost(Duration.ofMinutes(5))
                .untilAsserted(() -> assertThat(database.query("""
                        select format('%s incidents open, %s sent, %s not',
                          (select count(*) from public.vantage_incident where closed_at is null and resource like 'job-%'),
                          count(*) filter (where status = 'sent'), count(*) filter (where status <> 'sent'))
                        from public.vantage_notification
                        """))
                        .isEqualTo("0 incidents open, " + 2 * RESOURCES + " sent, 0 not"));
    }
}
