package com.vantage.syncstate.ping;

import static org.assertj.core.api.Assertions.assertThat;

import io.micrometer.core.instrument.MeterRegistry;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.test.context.TestPropertySource;

/** The same where every ping goes by a batch: what callers see is the same. */
@TestPropertySource(properties = {"vantage.alerts.stuck-after=PT0.03S", "vantage.batch.above=0"})
class BatchedPingTest extends PingTest {

    @Autowired
    private MeterRegistry meters;

    /** The service is that of the randomized history, which lets runs get stuck at once. */
    @BeforeEach
    void stuckAfterHalfAnHour() {
        database.execute("update public.vantage_sync_setting set stuck_after = '30 minutes'");
    }

    @AfterEach
    void stuckAsBefore() {
        database.execute("update public.vantage_sync_setting set stuck_after = '0.03 seconds'");
    }

    @Test
    void onlyAPingThatRegistersGoesAlone() {
        double alone = alone();
        double together = together();

        assertThat(service.post("/ping/-/funds/start?create=1").status()).isEqualTo(200);
        assertThat(service.post("/ping/-/funds?create=1").status()).isEqualTo(200);
        assertThat(service.post("/ping/-/unknown").status()).isEqualTo(404);
        assertThat(together() - together).isEqualTo(3);
        assertThat(alone()).isEqualTo(alone);

        assertThat(service.post("/ping/-/unknown?create=1").status()).isEqualTo(201);
        assertThat(alone() - alone).isEqualTo(1);
    }

    private double alone() {
        return meters.get("vantage.sync.calls.alone").counter().count();
    }

    private double together() {
        return meters.get("vantage.sync.batch.calls").summary().totalAmount();
    }
}
