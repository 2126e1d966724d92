package com.vantage.syncstate.docs;

import static org.assertj.core.api.Assertions.assertThat;

import com.vantage.syncstate.docs.Markdown.Block;
import com.vantage.syncstate.support.ApiTest;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Every sample of the documents, executed in its order against the service; an answer shown has the keys of the real one. */
class SamplesTest extends ApiTest {

    private static final String RETRIES = "## Retries and overlaps";

    @ParameterizedTest
    @ValueSource(strings = {"README.md", "db/docs/20251105132840_vantage_sync_state_QUICKSTART.md"})
    void doWhatTheySay(String file) throws Exception {
        String document = Markdown.read(Path.of(file));
        // Those of that section run against injected failures, in a test of their own.
        String samples = document.contains(RETRIES) && !file.equals("README.md")
                ? document.replace(Markdown.section(document, RETRIES), "")
                : document;
        int executed = 0;
        String answer = "";
        for (Block block : Markdown.blocks(samples)) {
            switch (block.language()) {
                case "bash" -> answer = run(List.of("bash", "-euo", "pipefail", "-c", block.text()));
                case "python" -> run(List.of("python3", "-c", block.text()));
                case "sql" -> sql(block.text());
                case "json" -> assertThat(shape(block.text())).isEqualTo(shape(answer));
                default -> executed--;
            }
            executed++;
        }

        assertThat(executed).isGreaterThan(5);
    }

    private String run(List<String> command) throws IOException, InterruptedException {
        var builder = new ProcessBuilder(command).redirectErrorStream(true);
        builder.environment().put("URL", service.base());
        builder.environment().put("READER_KEY", READER_KEY);
        builder.environment().put("SERVICE_KEY", SERVICE_KEY);
        Process process = start(builder);
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
        assertThat(process.exitValue()).as(output).isZero();
        if (!command.toString().contains("funds/complete")) {
            assertThat(output).doesNotContain("/problems/");
        }
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
        try (var connection = database.connect();
                var statement = connection.createStatement()) {
            connection.setAutoCommit(false);
            statement.execute(script);
            connection.rollback();
        }
    }

    private static List<String> shape(String json) {
        JsonNode object = new JsonMapper().readTree(json);
        return List.copyOf(object.propertyNames());
    }
}
