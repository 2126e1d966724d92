package com.vantage.syncstate.docs;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** The list of what the security standard demands is whole, and each proof that it names is there. */
class SecurityChecklistTest {

    /** Of levels 1 and 2 in version 5.0.0. */
    private static final int ITEMS = 253;

    private static final Pattern RANGE = Pattern.compile("(\\d+\\.\\d+)\\.(\\d+)(?:–\\1\\.(\\d+))?");

    private final List<List<String>> rows = Markdown.rows(Markdown.read(Path.of("db/docs/SECURITY.md"))).stream()
            .filter(row -> Character.isDigit(row.get(0).charAt(0)))
            .toList();

    @Test
    void hasEveryItemOnce() {
        List<String> items = rows.stream().flatMap(row -> items(row.get(0))).toList();

        assertThat(items).doesNotHaveDuplicates().hasSize(ITEMS);
    }

    @Test
    void saysOfEachWhetherItHoldsAndWhy() {
        assertThat(rows).allSatisfy(row -> {
            assertThat(Set.of("held", "none", "yours", "open")).contains(row.get(1));
            assertThat(row.get(2)).isNotBlank();
        });
    }

    @Test
    void namesProofsThatExist() {
        List<String> proofs = rows.stream()
                .flatMap(row -> Markdown.code(row.get(2)).stream())
                .filter(code -> code.contains("#") || code.startsWith("db/test/"))
                .toList();

        assertThat(proofs).hasSizeGreaterThan(80).allSatisfy(ValidationTest::exists);
    }

    private static Stream<String> items(String cell) {
        return Stream.of(cell.split(", ")).flatMap(part -> {
            Matcher range = RANGE.matcher(part);
            assertThat(range.matches()).as(part).isTrue();
            int first = Integer.parseInt(range.group(2));
            int last = range.group(3) == null ? first : Integer.parseInt(range.group(3));
            return IntStream.rangeClosed(first, last).mapToObj(item -> range.group(1) + "." + item);
        });
    }
}
