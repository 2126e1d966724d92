package com.vantage.syncstate.run;

import static org.assertj.core.api.Assertions.assertThat;

import com.vantage.syncstate.support.ApiClient.Response;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A run that is stuck, or that another takes over by force, over HTTP. */
class RunTakeoverTest extends RunApiTest {

    @ParameterizedTest
    @ValueSource(strings = {"complete", "fail", "progress"})
    void aRunThatWasTakenOverChangesNothingMore(String call) {
        start(run);
        Response taken = service.post(ACCOUNTS + "/start", "{\"run_id\": \"" + other + "\", \"force\": true}");

        Response refused = end(call, run);

        assertRefused(refused, 409, "run-superseded");
        assertThat(refused.text("superseded_by")).isEqualTo(other.toString());
        assertThat(refused.text("detail")).contains(other.toString());
        assertThat(reader.get(ACCOUNTS).json()).isEqualTo(taken.json());
        Response abandoned = reader.get(ACCOUNTS + "/runs/" + run);
        assertThat(abandoned.text("status")).isEqualTo("abandoned");
        assertThat(abandoned.text("superseded_by")).isEqualTo(other.toString());
        assertThat(abandoned.text("completed_at")).isEqualTo(taken.text("started_at"));
    }

    @Test
    void takesOverAStuckRun() {
        start(run);
        database.execute(
                "update public.vantage_sync_state set started_at = now() - interval '31 minutes' where resource = 'accounts'");

        Response taken = start(other);

        assertThat(taken.status()).isEqualTo(200);
        assertThat(reader.get(ACCOUNTS + "/runs/" + run).text("status")).isEqualTo("abandoned");
    }

    @Test
    void aSignOfLifePutsOffThatARunIsStuck() {
        start(run);
        database.execute(
                "update public.vantage_sync_state set started_at = now() - interval '31 minutes' where resource = 'accounts'");

        service.post(ACCOUNTS + "/progress");

        assertRefused(start(other), 409, "sync-already-running");
    }
}
