package com.vantage.syncstate.docs;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The table "Where to change what" leads to files that exist. */
class ContributingTest {

    private static final Path MAIN = Path.of("src/main/java/com/vantage/syncstate");

    private final List<List<String>> tasks =
            Markdown.rows(Markdown.section(Markdown.read(Markdown.CONTRIBUTING), "## Where to change what")).stream()
                    .skip(1)
                    .toList();

    @Test
    void namesAFileForEveryTask() {
        assertThat(tasks)
                .hasSize(24)
                .allSatisfy(task -> assertThat(Markdown.code(task.get(1)))
                        .isNotEmpty()
                        .allSatisfy(file -> assertThat(List.of(MAIN.resolve(file), Path.of(file)))
                                .anyMatch(Files::isRegularFile)));
    }
}
