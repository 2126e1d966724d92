package com.vantage.syncstate.consistency;

import static org.awaitility.Awaitility.await;

import com.vantage.syncstate.support.Receiver;
import com.vantage.syncstate.support.Receiver.Received;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Records what the instances of a drill notify it of; in the end it is compared with what has happened. */
final class DrillReceiver implements AutoCloseable {

    private static final String PATH = "/drill";

    /** What a killed instance had claimed is free again after 90 seconds: they have gone by. */
    private static final String PASS_TIME = """
            update public.vantage_notification n
            set lease_until = n.lease_until - interval '90 seconds', next_at = n.created_at
            from (
              select notification_id from public.vantage_notification where status = 'pending' for update skip locked
            ) as p
            where n.notification_id = p.notification_id
            """;

    private static final String END_HOLD = "update public.vantage_channel set hold_until = null";

    private static final String IS_ALL_SENT = """
            select not exists (select from public.vantage_notification where status = 'pending')
              and not exists (select from public.vantage_incident where closed_at is null and resource like ?)
            """;

    /** An evaluation is of the time at which it began, and sees what happens until it looks. */
    private static final String EVENTS = """
            select 'msg_' || e.event_id as id, e.incident_id || ' ' || e.seq || ' alert.' || e.type || ' ' || i.resource as event,
              i.resource, e.type, n.status,
              e.type <> 'opened' or not e.body -> 'kinds' ? 'failed' or exists (
                select
                from public.vantage_sync_run r
                where r.resource = i.resource and r.status in ('failed', 'abandoned') and r.completed_at <= e.at + interval '10 seconds') as happened
            from public.vantage_notification n
            join public.vantage_incident_event e using (event_id)
            join public.vantage_incident i on i.incident_id = e.incident_id
            """;

    private final Receiver receiver = new Receiver();

    List<String> settings() {
        return List.of(
                "--vantage.incidents.interval=PT1S",
                "--vantage.notify.channels.drill.kind=webhook",
                "--vantage.notify.channels.drill.url=" + receiver.url(PATH),
                "--vantage.notify.channels.drill.secret=whsec_MDEyMzQ1Njc4OTAxMjM0NTY3ODkwMTIz",
                "--vantage.notify.channels.drill.allow-private=true");
    }

    /** Once all is sent: what came, and what is wrong with it. */
    Deliveries deliveries(DrillPostgres postgres, int alarms) throws SQLException {
        try (var connection = postgres.connect()) {
            await().atMost(Duration.ofMinutes(3)).until(() -> isAllSent(connection));
            return compare(connection, alarms);
        }
    }

    private static boolean isAllSent(Connection connection) throws SQLException {
        try (var statement = connection.prepareStatement(IS_ALL_SENT);
                var other = connection.createStatement()) {
            // In separate statements: instances that send lock them in another order.
            other.execute(PASS_TIME);
            other.execute(END_HOLD);
            statement.setString(1, DrillAlarms.PREFIX + "%");
            try (var row = statement.executeQuery()) {
                return row.next() && row.getBoolean(1);
            }
        }
    }

    private Deliveries compare(Connection connection, int alarms) throws SQLException {
        List<Received> all = receiver.at(PATH);
        Map<String, String> received = new LinkedHashMap<>();
        Map<String, Integer> latest = new HashMap<>();
        List<String> wrong = new ArrayList<>();
        for (Received each : all) {
            String incident = each.json().at("/data/incident_id").asString();
            int seq = each.json().at("/data/seq").asInt();
            String event = incident + " " + seq + " " + each.type() + " " + each.resource();
            String before = received.putIfAbsent(each.id(), event);
            if (before == null && latest.merge(incident, seq, Math::max) > seq) {
                wrong.add("out of order: " + event);
            } else if (before != null && !before.equals(event)) {
                wrong.add("two events under one id: " + before + ", " + event);
            }
        }
        int events = 0;
        int opened = 0;
        int closed = 0;
        try (var statement = connection.createStatement();
                var rows = statement.executeQuery(EVENTS)) {
            while (rows.next()) {
                events++;
                String event = rows.getString("event");
                if (!event.equals(received.remove(rows.getString("id")))) {
                    wrong.add("not received: " + event);
                }
                if (!rows.getString("status").equals("sent")) {
                    wrong.add(rows.getString("status") + ": " + event);
                }
                if (!rows.getBoolean("happened")) {
                    wrong.add("did not happen: " + event);
                }
                if (rows.getString("resource").startsWith(DrillAlarms.PREFIX)) {
                    opened += rows.getString("type").equals("opened") ? 1 : 0;
                    closed += rows.getString("type").equals("closed") ? 1 : 0;
                }
            }
        }
        received.values().forEach(event -> wrong.add("is no event: " + event));
        if (opened != alarms || closed != alarms) {
            wrong.add("of %d alarms %d opened and %d closed".formatted(alarms, opened, closed));
        }
        return new Deliveries(events, all.size(), wrong);
    }

    @Override
    public void close() {
        receiver.close();
    }

    /**
     * What came.
     *
     * @param received each as often as it came
     */
    record Deliveries(int events, int received, List<String> wrong) {}
}
