package com.vantage.syncstate.docs;

import static org.assertj.core.api.Assertions.assertThat;

import com.vantage.syncstate.VantageSyncStateApplication;
import com.vantage.syncstate.docs.Markdown.Block;
import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;

/** What a new user does: starts the service on nothing, pastes what it prints, and goes through the README in its order. */
@ExtendWith(OutputCaptureExtension.class)
class FirstUseTest {

    private static final Pattern EXPORT = Pattern.compile("export (\\w+)=(\\S+)");

    /** Its commands are those of the documentation, which DumpTest executes on a server that they can read. */
    private static final String BACKUP = "## Backup and restore";

    /** Its command takes away what is in use here; UpgradeTest executes it. */
    private static final String UPGRADE = "## Upgrade";

    @TempDir
    private Path directory;

    @Test
    void meetsNoRefusalThatIsNotAnnounced(CapturedOutput console) throws Exception {
        try (var service = SpringApplication.run(
                VantageSyncStateApplication.class, "--server.port=0", "--vantage.embedded.directory=" + directory)) {
            String printed = commands(console.getOut());
            Map<String, String> variables = EXPORT.matcher(printed)
                    .results()
                    .collect(Collectors.toMap(export -> export.group(1), export -> export.group(2)));
            var database = service.getBean(EmbeddedPostgres.class).getPostgresDatabase();
            var samples = new Samples(variables, database::getConnection);
            String readme = Markdown.read(Markdown.README);

            String pasted = new Samples(Map.of(), samples.owner()).bash(printed);
            String pastedAgain = samples.bash(printed);
            int executed = samples.execute(readme.replace(Markdown.section(readme, BACKUP), "")
                    .replace(Markdown.section(readme, UPGRADE), ""));

            assertThat(variables).containsOnlyKeys("URL", "READER_KEY", "SERVICE_KEY");
            assertThat(pasted).contains("\"resource\":\"demo\"", "\"success\"", "\"resource\":\"accounts\"");
            assertThat(Samples.problems(pasted + pastedAgain)).isEmpty();
            assertThat(executed).isGreaterThan(10);
        }
    }

    @Test
    void findsTheCommandsForABackupAsTheyAreTested() {
        List<String> shown = bash(Markdown.section(Markdown.read(Markdown.README), BACKUP));

        assertThat(bash(Markdown.section(Markdown.read(Markdown.DOCUMENTATION), BACKUP)))
                .containsAll(shown);
        assertThat(shown).hasSize(2);
    }

    private static List<String> bash(String section) {
        return Markdown.blocks(section).stream()
                .filter(block -> block.language().equals("bash"))
                .map(Block::text)
                .toList();
    }

    /** What is indented, to be pasted. */
    private static String commands(String console) {
        return console.lines()
                .filter(line -> line.matches("  (export|curl) .*"))
                .collect(Collectors.joining("\n"));
    }
}
