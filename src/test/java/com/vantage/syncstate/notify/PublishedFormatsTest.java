package com.vantage.syncstate.notify;

import static org.assertj.core.api.Assertions.assertThat;

import com.vantage.syncstate.support.NodePackages;
import com.vantage.syncstate.support.NodePackages.Ended;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The golden messages by what Slack, PagerDuty and Microsoft publish for those who write such messages. */
@Tag("node")
class PublishedFormatsTest {

    /** In it, what changes from day to day is a text like any other. */
    private static final Path GOLDEN = Path.of("src", "test", "resources", "golden", "messages.txt");

    @TempDir
    private Path directory;

    @BeforeAll
    static void install() {
        NodePackages.install();
    }

    @ParameterizedTest
    @ValueSource(strings = {"Slack", "Teams", "PagerDuty"})
    void knowEveryKeyAndValueOfTheGoldenMessages(String service) throws IOException {
        List<String> messages = messages(service + ": ");
        assertThat(messages).anyMatch(message -> message.contains("failed-hostile: failed"));

        Path input = Files.writeString(directory.resolve("messages.json"), messages.toString());
        Ended judged = NodePackages.run(
                List.of("sh", "-c", "node service-messages.mjs " + service.toLowerCase(Locale.ROOT) + " < " + input),
                Map.of(),
                120);

        assertThat(judged.output()).isEmpty();
        assertThat(judged.code()).isZero();
    }

    private static List<String> messages(String label) throws IOException {
        try (Stream<String> lines = Files.lines(GOLDEN)) {
            return lines.filter(line -> line.startsWith(label + "{"))
                    .map(line -> line.substring(label.length()))
                    .toList();
        }
    }
}
