package com.vantage.syncstate.docs;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The guide for contributors names files and tags that exist. */
class ContributingTest {

    private static final Path MAIN = Path.of("src/main/java/com/vantage/syncstate");

    private final List<List<String>> tasks =
            Markdown.rows(Markdown.section(Markdown.read(Markdown.CONTRIBUTING), "## Where to change what")).stream()
                    .skip(1)
                    .toList();

    @Test
    void namesAFileForEveryTask() {
        assertThat(tasks)
                .hasSize(36)
                .allSatisfy(task -> assertThat(Markdown.code(task.get(1)))
                        .isNotEmpty()
                        .allSatisfy(file -> assertThat(List.of(MAIN.resolve(file), Path.of(file)))
                                .anyMatch(Files::isRegularFile)));
    }

    @ParameterizedTest
    @CsvSource({
        "borgmatic, borgmatic --config",
        "browser, Browser.open(",
        "browser, new DashboardPage(",
        "node, NodePackages.",
        "pgbouncer, PgBouncer.before(",
        "promtool, \"promtool\""
    })
    void namesTheTagOfEveryTestThatNeedsMoreThanAJdk(String tag, String need) throws IOException {
        List<Path> tests;
        try (Stream<Path> files = Files.walk(Path.of("src/test/java"))) {
            tests = files.filter(
                            file -> file.toString().endsWith("Test.java") && !file.endsWith("ContributingTest.java"))
                    .filter(file -> Markdown.read(file).contains(need))
                    .toList();
        }

        assertThat(Markdown.code(Markdown.read(Markdown.CONTRIBUTING))).contains(tag);
        assertThat(tests)
                .isNotEmpty()
                .allSatisfy(test -> assertThat(test).content().contains("@Tag(\"" + tag + "\")"));
    }
}
