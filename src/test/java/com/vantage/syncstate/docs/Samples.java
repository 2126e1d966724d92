package com.vantage.syncstate.docs;

import static org.assertj.core.api.Assertions.assertThat;

import com.vantage.syncstate.docs.Markdown.Block;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import org.yaml.snakeyaml.Yaml;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * Executes samples as the reader of a document would, one after the other.
 *
 * @param variables of the commands
 * @param owner connects to the database as its owner
 */
record Samples(Map<String, String> variables, Callable<Connection> owner) {

    private static final Pattern PROBLEM = Pattern.compile("\"type\": ?\"(/problems/[a-z-]+)\"");

    /** What problems have, and the description of a type of them does not. */
    private static final Path HOME = Path.of("target", "home-of-samples");

    private static final String REFUSAL = "\"instance\":";

    /**
     * Executes every block; an answer that is shown has the keys of the real one, and a problem that is met is shown.
     *
     * @return how many were executed
     */
    int execute(String markdown) throws Exception {
        List<Block> blocks = Markdown.blocks(markdown);
        int executed = 0;
        String answer = "";
        for (int at = 0; at < blocks.size(); at++) {
            Block block = blocks.get(at);
            switch (block.language()) {
                case "bash" -> {
                    answer = bash(block.text());
                    assertThat(problems(answer))
                            .as(block.text())
                            .isEqualTo(problems(
                                    at + 1 < blocks.size() ? blocks.get(at + 1).text() : ""));
                }
                case "python" -> {
                    // A server does not end; ReceiverSamplesTest runs those.
                    if (block.text().contains("serve_forever")) {
                        executed--;
                    } else {
                        run(List.of("python3", "-c", block.text()));
                    }
                }
                case "sql" -> sql(block.text());
                case "yaml" -> dbt(block.text());
                case "json" -> assertThat(shape(block.text())).isEqualTo(shape(answer));
                default -> executed--;
            }
            executed++;
        }
        return executed;
    }

    /** Runs a script, which has to succeed, and returns what it printed. */
    String bash(String script) throws IOException, InterruptedException {
        return run(List.of("bash", "-euo", "pipefail", "-c", script));
    }

    /** The types of the problems in an answer, or in one that is shown. */
    static List<String> problems(String answer) {
        return answer.contains(REFUSAL)
                ? PROBLEM.matcher(answer)
                        .results()
                        .map((MatchResult problem) -> problem.group(1))
                        .toList()
                : List.of();
    }

    private String run(List<String> command) throws IOException, InterruptedException {
        var builder = new ProcessBuilder(command).redirectErrorStream(true);
        builder.environment().putAll(variables);
        // What a sample keeps there is none of the tester's.
        builder.environment()
                .put("HOME", Files.createDirectories(HOME).toAbsolutePath().toString());
        Process process = start(builder);
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
        assertThat(process.exitValue()).as(output).isZero();
        return output;
    }

    private static Process start(ProcessBuilder builder) {
        try {
            return builder.start();
        } catch (IOException e) {
            throw new AssertionError(
                    "Install bash, curl and python3 (Debian: bash curl python3), which the samples use", e);
        }
    }

    /** As the owner, who may also make roles, and undone afterwards. */
    private void sql(String script) throws Exception {
        try (var connection = owner.call();
                var statement = connection.createStatement()) {
            connection.setAutoCommit(false);
            statement.execute(script);
            connection.rollback();
        }
    }

    /** What dbt runs first. */
    private void dbt(String project) throws Exception {
        Map<String, List<String>> settings = new Yaml().load(project);
        for (String statement : settings.get("on-run-start")) {
            sql(statement);
        }
    }

    private static List<String> shape(String json) {
        JsonNode object = new JsonMapper().readTree(json);
        return List.copyOf(object.propertyNames());
    }
}
