package com.vantage.syncstate.docs;

import static org.assertj.core.api.Assertions.assertThat;

import com.vantage.syncstate.error.ProblemType;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** The table of error codes, the types of problems and what the functions raise are the same. */
class ErrorCodesTest {

    private static final Pattern RAISED =
            Pattern.compile("errcode = '(PT\\d{3})',\\s+constraint = '([a-z-]+)'", Pattern.DOTALL);

    private final List<List<String>> table = Markdown.rows(Markdown.read(Markdown.ERROR_CODES)).stream()
            .filter(row -> row.size() == 5 && row.get(0).startsWith("`"))
            .toList();

    @Test
    void listsEveryTypeOfProblemWithItsStatus() {
        Set<String> documented = table.stream()
                .map(row -> row.get(0).replace("`", "") + " " + row.get(2))
                .collect(Collectors.toCollection(TreeSet::new));

        assertThat(documented)
                .isEqualTo(Arrays.stream(ProblemType.values())
                        .map(type -> type.slug() + " " + type.status())
                        .collect(Collectors.toCollection(TreeSet::new)));
    }

    @Test
    void saysOfEachWhatTheServiceSaysOfIt() {
        Set<String> documented = table.stream()
                .map(row -> plain(row.get(0) + ": " + row.get(3) + " " + row.get(4)))
                .collect(Collectors.toCollection(TreeSet::new));

        assertThat(documented)
                .isEqualTo(Arrays.stream(ProblemType.values())
                        .map(type -> plain(type.slug() + ": " + type.meaning() + " " + type.remedy()))
                        .collect(Collectors.toCollection(TreeSet::new)));
    }

    @Test
    void listsEveryProblemThatAFunctionRaisesWithItsCode() throws IOException {
        Set<String> documented = table.stream()
                .filter(row -> !row.get(1).isEmpty())
                .map(row -> row.get(1) + " " + row.get(0).replace("`", ""))
                .collect(Collectors.toCollection(TreeSet::new));
        Set<String> raised = new TreeSet<>();
        try (Stream<Path> files = Files.list(Path.of("db/migration"))) {
            for (Path file : files.toList()) {
                Matcher raise = RAISED.matcher(Files.readString(file));
                while (raise.find()) {
                    raised.add(raise.group(1) + " " + raise.group(2));
                }
            }
        }

        assertThat(raised).isEqualTo(documented);
    }

    @Test
    void raisesTheStatusThatTheProblemHas() {
        assertThat(table.stream().filter(row -> !row.get(1).isEmpty()))
                .allSatisfy(row -> assertThat(row.get(1)).isEqualTo("PT" + row.get(2)));
    }

    /** Without what sets code off, here and there. */
    private static String plain(String text) {
        return text.replaceAll("[`']", "").strip();
    }
}
