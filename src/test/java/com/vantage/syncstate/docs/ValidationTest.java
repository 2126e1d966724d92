package com.vantage.syncstate.docs;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Every proof that the checklist names is there. */
class ValidationTest {

    @Test
    void namesProofsThatExist() {
        List<String> named = Markdown.rows(Markdown.read(Markdown.VALIDATION)).stream()
                .flatMap(row -> Markdown.code(row.get(1)).stream())
                .toList();

        assertThat(named).hasSizeGreaterThan(30).allSatisfy(ValidationTest::exists);
    }

    static void exists(String test) throws IOException {
        if (Stream.of("db/test/", "src/bench/", "src/test/").anyMatch(test::startsWith)) {
            assertThat(Path.of(test)).exists();
            return;
        }
        String type = test.substring(0, test.indexOf('#'));
        String method = test.substring(test.indexOf('#') + 1);
        try (Stream<Path> files = Files.walk(Path.of("src/test/java"))) {
            Path source = files.filter(file -> file.endsWith(type + ".java"))
                    .findFirst()
                    .orElseThrow();
            assertThat(Files.readString(source)).contains(" " + method + "(");
        }
    }
}
