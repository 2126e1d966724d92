package com.vantage.syncstate.docs;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;

/** A document, taken apart. */
public final class Markdown {

    public static final Path DOCUMENTATION = Path.of("db/docs/20251105132840_vantage_sync_state_DOCUMENTATION.md");
    public static final Path README = Path.of("README.md");
    static final Path CONTRIBUTING = Path.of(".github/CONTRIBUTING.md");
    public static final Path QUICKSTART = Path.of("db/docs/20251105132840_vantage_sync_state_QUICKSTART.md");
    static final Path VALIDATION = Path.of("db/docs/20251105132840_vantage_sync_state_VALIDATION.md");
    static final Path RUNBOOK = Path.of("src/monitoring/RUNBOOK.md");
    static final Path ERROR_CODES = Path.of("db/docs/ERROR_CODES.md");

    private static final Pattern BLOCK = Pattern.compile("(?ms)^ *```(\\w*)\\n(.*?)^ *```$");

    private Markdown() {}

    public static String read(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The fenced blocks of a part of a document, in their order. */
    public static List<Block> blocks(String markdown) {
        return BLOCK.matcher(markdown)
                .results()
                .map(match -> new Block(match.group(1), match.group(2)))
                .toList();
    }

    /** A section, from its heading to the next of the same rank. */
    public static String section(String markdown, String heading) {
        int start = markdown.indexOf(heading + "\n");
        if (start < 0) {
            throw new IllegalArgumentException("No section " + heading);
        }
        String rank = heading.substring(0, heading.indexOf(' ') + 1);
        int end = markdown.indexOf("\n" + rank, start + 1);
        return end < 0 ? markdown.substring(start) : markdown.substring(start, end);
    }

    /** What stands before the first heading of the second rank, and then each section with its heading. */
    static List<String> sections(String markdown) {
        return List.of(markdown.split("(?m)^(?=## )"));
    }

    /** The rows of every table, cell by cell, without the lines of dashes. */
    static List<List<String>> rows(String markdown) {
        List<List<String>> rows = new ArrayList<>();
        markdown.lines()
                .filter(line -> line.startsWith("| ") && !line.startsWith("| ---"))
                .forEach(line -> rows.add(
                        List.of(line.substring(2, line.lastIndexOf('|')).split("\\s*\\|\\s*", -1))));
        return rows;
    }

    /** What stands between backticks. */
    static List<String> code(String text) {
        return Pattern.compile("`([^`]+)`")
                .matcher(text)
                .results()
                .map((MatchResult match) -> match.group(1))
                .toList();
    }

    /** A fenced block and its language. */
    public record Block(String language, String text) {}
}
