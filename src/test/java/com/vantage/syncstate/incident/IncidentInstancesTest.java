package com.vantage.syncstate.incident;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.vantage.syncstate.support.Receiver;
import com.vantage.syncstate.support.Receiver.Received;
import com.vantage.syncstate.support.ServiceInstance;
import com.vantage.syncstate.support.TestDatabase;
import com.vantage.syncstate.support.TestDatabase.Address;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Two instances that evaluate and send at the same time, and a receiver of both. */
class IncidentInstancesTest {

    private static final Duration PATIENCE = Duration.ofMinutes(5);

    private final Receiver receiver = new Receiver();
    private final Address database = TestDatabase.create();
    private List<ServiceInstance> instances = List.of();

    @BeforeEach
    void startBoth() {
        // With a body, the JDK's server would wait 40 ms with each answer.
        receiver.on("/hook", exchange -> Receiver.answer(exchange, 200, ""));
        instances = List.of(instance(), instance());
    }

    @AfterEach
    void end() {
        instances.forEach(ServiceInstance::close);
        receiver.close();
    }

    @Test
    void reportEachOfAThousandThatFailAtOnceOnce() {
        database.execute("""
                insert into public.vantage_sync_state (resource, last_sync_status, started_at, completed_at)
                select 'job-' || i, 'failed', now(), now() from generate_series(1, 1000) as i
                """);

        await().atMost(PATIENCE).until(() -> receiver.at("/hook").size() >= 1_000 && isAllSent());
        awaitEvaluation();

        assertThat(database.query("""
                select format('%s incidents, %s events', count(distinct incident_id), count(*))
                from public.vantage_incident_event
                where body ->> 'resource' like 'job-%'
                """)).isEqualTo("1000 incidents, 1000 events");
        assertThat(receiver.at("/hook").stream().map(Received::type)).containsOnly("alert.opened");
        assertThat(receiver.at("/hook").stream().map(Received::resource))
                .hasSize(1_000)
                .doesNotHaveDuplicates();
    }

    private ServiceInstance instance() {
        return ServiceInstance.on(
                database,
                "--vantage.incidents.interval=PT1S",
                "--vantage.notify.channels.hook.kind=webhook",
                "--vantage.notify.channels.hook.url=" + receiver.url("/hook"),
                "--vantage.notify.channels.hook.secret=whsec_MDEyMzQ1Njc4OTAxMjM0NTY3ODkwMTIz",
                "--vantage.notify.channels.hook.resources=job-*",
                "--vantage.notify.channels.hook.allow-private=true");
    }

    private boolean isAllSent() {
        return database.query("select count(*) from public.vantage_notification where status <> 'sent'")
                .equals("0");
    }

    /** What would be reported again is, by now. */
    private void awaitEvaluation() {
        String before = evaluated();
        await().atMost(PATIENCE).until(() -> !evaluated().equals(before));
    }

    private String evaluated() {
        return database.query("select evaluated_at from public.vantage_watch");
    }
}
