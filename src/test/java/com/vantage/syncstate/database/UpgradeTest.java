package com.vantage.syncstate.database;

import static org.assertj.core.api.Assertions.assertThat;

import com.vantage.syncstate.docs.Markdown;
import com.vantage.syncstate.docs.Markdown.Block;
import com.vantage.syncstate.support.DatabaseSnapshot;
import com.vantage.syncstate.support.InstalledPostgres;
import com.vantage.syncstate.support.Migrations;
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

        String migrated = DatabaseSnapshot.schema(database);
        InstalledPostgres.run(database, COMMANDS.get(0), Map.of("VERSION", newest()));
        String undone = DatabaseSnapshot.schema(database);
        ExistingDatabaseTest.assertStarts(database);

        assertThat(COMMANDS).hasSize(1);
        assertThat(undone).isNotEqualTo(migrated);
        assertThat(DatabaseSnapshot.schema(database)).isEqualTo(migrated);
    }

    private static String newest() {
        List<Path> migrations = Migrations.files("migration");
        return migrations.get(migrations.size() - 1).getFileName().toString().substring(0, 14);
    }
}
