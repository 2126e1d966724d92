package com.vantage.syncstate.database;

import static org.assertj.core.api.Assertions.assertThat;

import com.vantage.syncstate.docs.Markdown;
import com.vantage.syncstate.docs.Markdown.Block;
import com.vantage.syncstate.support.InstalledPostgres;
import com.vantage.syncstate.support.ServiceInstance;
import com.vantage.syncstate.support.TestDatabase.Address;
import com.vantage.syncstate.support.TestServer;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** The documented command goes back by one migration, and the next start applies it again. */
class UpgradeTest {

    private static final List<String> COMMANDS =
            Markdown.blocks(Markdown.section(Markdown.read(Path.of("README.md")), "## Upgrade")).stream()
                    .map(Block::text)
                    .toList();

    @Test
    void canBeUndoneAndDoneAgain() {
        Address database = TestServer.INSTALLED.create();
        ServiceInstance.on(database).close();

        InstalledPostgres.run(database, COMMANDS.get(0), Map.of("VERSION", "20261129170000"));
        boolean wasUndone = !hasRecent(database);
        ExistingDatabaseTest.assertStarts(database);

        assertThat(COMMANDS).hasSize(1);
        assertThat(wasUndone).isTrue();
        assertThat(hasRecent(database)).isTrue();
    }

    private static boolean hasRecent(Address database) {
        return database.query("select to_regclass('public.vantage_sync_recent')") != null;
    }
}
