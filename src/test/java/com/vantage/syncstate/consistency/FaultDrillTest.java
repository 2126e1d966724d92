package com.vantage.syncstate.consistency;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The drill of faults, in short and without its limits of time; the drill runs it at length. */
class FaultDrillTest {

    @Test
    void answersInTheRightWordsLivesAndLosesNothing(@TempDir Path directory) throws Exception {
        List<History> histories = new ArrayList<>();

        List<FaultDrill.Row> rows =
                FaultDrill.run(directory, Drill.freePorts(2), Duration.ofSeconds(2), histories::add);
        rows.forEach(System.out::println);

        assertThat(rows).hasSameSizeAs(DrillFault.values()).allSatisfy(row -> {
            assertThat(row.wrong()).as("%s", row).isEmpty();
            assertThat(row.dead()).as("%s", row).isZero();
            assertThat(row.recovery()).as("%s", row).isNotNull();
        });
        assertThat(HistoryChecker.check(histories.get(0))).isEmpty();
    }
}
