package com.vantage.syncstate.incident;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.vantage.syncstate.support.Migrations;
import com.vantage.syncstate.support.TestDatabase.Address;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;

/** Several evaluations at a time, as of instances whose clocks tick together. */
class IncidentRaceTest {

    private static final int EVALUATORS = 4;

    private final Address database = Migrations.all();

    @Test
    void reportsEachOfAThousandOnce() throws Exception {
        database.execute("""
                delete from public.vantage_sync_state;
                insert into public.vantage_sync_state (resource, last_sync_status, started_at, completed_at, last_sync_time)
                select 'r' || i, 'failed', now(), now(), now() from generate_series(1, 1000) as i;
                """);

        evaluateAtOnce();
        String opened = counts();
        database.execute("""
                update public.vantage_sync_state
                set last_sync_status = 'success', last_sync_time = completed_at + interval '1 second',
                  completed_at = completed_at + interval '1 second'
                """);
        evaluateAtOnce();

        assertThat(opened).isEqualTo("1000 incidents, 1000 opened, 0 closed, 1000 events");
        assertThat(counts()).isEqualTo("1000 incidents, 1000 opened, 1000 closed, 2000 events");
    }

    /** Of those that are open at the same time, the database holds one a resource, whatever writes them. */
    @Test
    void cannotHaveTwoOpenOfOneResource() {
        String insert = """
                insert into public.vantage_incident (resource, opened_at, kinds, severity, changed_at)
                values ('funds', now(), '{failed}', 'error', now())
                """;
        database.execute(insert);

        assertThat(database.query("select count(*) from public.vantage_incident where resource = 'funds'"))
                .isEqualTo("1");
        assertThatThrownBy(() -> database.execute(insert)).hasMessageContaining("vantage_incident_open_idx");
    }

    private void evaluateAtOnce() throws Exception {
        ExecutorService threads = Executors.newFixedThreadPool(EVALUATORS);
        try {
            Callable<Void> evaluator = this::evaluateUntilDone;
            List<Future<Void>> evaluators = new ArrayList<>();
            for (int i = 0; i < EVALUATORS; i++) {
                evaluators.add(threads.submit(evaluator));
            }
            for (Future<Void> each : evaluators) {
                each.get();
            }
        } finally {
            threads.shutdownNow();
        }
    }

    private Void evaluateUntilDone() throws Exception {
        try (var connection = database.connect();
                var statement = connection.createStatement()) {
            boolean done = false;
            while (!done) {
                try (var rows = statement.executeQuery("select public.evaluate_vantage_alerts(50)")) {
                    rows.next();
                    done = rows.getInt(1) == 0 && !rows.wasNull();
                }
            }
        }
        return null;
    }

    private String counts() {
        return database.query("""
                select format('%s incidents, %s opened, %s closed, %s events',
                  (select count(*) from public.vantage_incident),
                  count(distinct incident_id) filter (where type = 'opened'),
                  count(distinct incident_id) filter (where type = 'closed'),
                  count(*))
                from public.vantage_incident_event
                """);
    }
}
