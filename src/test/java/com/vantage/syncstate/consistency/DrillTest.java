package com.vantage.syncstate.consistency;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Test;

/** The drill, in short; {@code mvn test-compile exec:exec@drill} runs it at length. */
class DrillTest {

    private static final int KILLS = 3;

    @Test
    void losesNothingAppliesNothingTwiceAndNotifiesOfJustWhatHappened() throws Exception {
        var report =
                new Drill(KILLS, Duration.ofMinutes(10), Long.getLong("vantage.test.seed", System.nanoTime())).run();
        System.out.print(report);

        assertThat(report.violations()).isEmpty();
        assertThat(report.deliveries().wrong()).isEmpty();
        assertThat(report.deliveries().events()).isPositive();
        assertThat(report.unresolved()).isZero();
        assertThat(report.killed()).isEqualTo(KILLS);
        assertThat(report.acknowledged()).isPositive();
        assertThat(report.resolved()).isPositive();
    }
}
