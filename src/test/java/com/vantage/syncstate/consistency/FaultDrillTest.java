package com.vantage.syncstate.consistency;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The drill of faults, in short and without its limits of time; the drill runs it at length. */
class FaultDrillTest {

    @Test
    void answersInTheRightWordsLivesAndLosesNothing(@TempDir Path directory) throws Exception {
        List<DrillRow> rows = new FaultDrill(directory, Duration.ofSeconds(2)).plain();
        rows.forEach(System.out::println);

        assertThat(rows).hasSameSizeAs(DatabaseFault.values()).allSatisfy(row -> {
            assertThat(row.failed()).as("%s", row).isZero();
            assertThat(row.lost()).as("%s", row).isZero();
            assertThat(row.recovery()).as("%s", row).isNotNull();
        });
    }
}
