package com.vantage.syncstate.sync;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.springframework.test.context.TestPropertySource;

/** The same where every call goes by a batch: what callers see is the same. */
@TestPropertySource(properties = {"vantage.alerts.stuck-after=PT0.03S", "vantage.batch.above=0"})
class BatchedLifecycleTest extends LifecycleTest {

    /** The service is that of the randomized history, which lets runs get stuck at once. */
    @BeforeEach
    void stuckAfterHalfAnHour() {
        database.execute("update public.vantage_sync_setting set stuck_after = '30 minutes'");
    }

    @AfterEach
    void stuckAsBefore() {
        database.execute("update public.vantage_sync_setting set stuck_after = '0.03 seconds'");
    }
}
