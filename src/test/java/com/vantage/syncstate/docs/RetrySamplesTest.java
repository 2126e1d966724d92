package com.vantage.syncstate.docs;

import static org.assertj.core.api.Assertions.assertThat;

import com.vantage.syncstate.docs.Markdown.Block;
import com.vantage.syncstate.support.ApiTest;
import com.vantage.syncstate.support.CuttingProxy;
import com.vantage.syncstate.support.CuttingProxy.Fate;
import java.io.File;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import tools.jackson.databind.JsonNode;

/** The samples of the section "Retries and overlaps", as they are there, against injected failures. */
@Tag("node")
class RetrySamplesTest extends ApiTest {

    private static final String SECTION =
            Markdown.section(Markdown.read(Markdown.QUICKSTART), "## Retries and overlaps");
    private static final String TAKE_OVER = "{\"run_id\": \"0b9ff6a3-5f0e-4b7c-9f60-2a3a5a0c9d11\", \"force\": true}";

    @TempDir
    private Path directory;

    @ParameterizedTest
    @EnumSource
    void succeedsOnceThoughTheFirstAnswerToEachCallIsLost(Sample sample) throws Exception {
        Map<String, Integer> seen = new ConcurrentHashMap<>();

        Ended ended = run(sample, sample.text(), head -> {
            int attempt = seen.merge(call(head), 1, Integer::sum);
            return attempt == 1 ? Fate.CUT_AFTER : Fate.DELIVERED;
        });

        assertThat(ended.status()).as(ended.output()).isZero();
        assertThat(seen).containsOnly(Map.entry("start", 2), Map.entry("progress", 2), Map.entry("complete", 2));
        assertSucceededOnce();
    }

    @ParameterizedTest
    @EnumSource
    void waitsWhileTheServiceIsAwayOrUnavailable(Sample sample) throws Exception {
        Map<String, Integer> seen = new ConcurrentHashMap<>();

        Ended ended = run(sample, sample.text(), head -> {
            int attempt = seen.merge(call(head), 1, Integer::sum);
            return !call(head).equals("start") || attempt > 2
                    ? Fate.DELIVERED
                    : attempt == 1 ? Fate.CUT_BEFORE : Fate.UNAVAILABLE;
        });

        assertThat(ended.status()).as(ended.output()).isZero();
        assertThat(seen).containsEntry("start", 3);
        assertSucceededOnce();
    }

    @ParameterizedTest
    @EnumSource
    void startsWhereTheLastSuccessSays(Sample sample) throws Exception {
        service.post("/sync-states/accounts/start");
        service.post("/sync-states/accounts/complete", "{\"watermark\": \"2026-11-22T05:29:12.004711Z\"}");

        Ended ended = run(sample, sample.text(), head -> Fate.DELIVERED);

        assertThat(ended.output()).contains("modified since 2026-11-22T05:29:12.004711Z");
    }

    @ParameterizedTest
    @EnumSource
    void stopsWhenAnotherRunTakesOver(Sample sample) throws Exception {
        List<String> seen = new ArrayList<>();

        Ended ended = run(sample, sample.text(), head -> {
            seen.add(call(head));
            if (call(head).equals("progress")) {
                service.post("/sync-states/accounts/start", TAKE_OVER);
            }
            return Fate.DELIVERED;
        });

        assertThat(ended.status()).isEqualTo(1);
        assertThat(ended.output()).contains("Stopping").contains("run-superseded");
        assertThat(seen).containsExactly("start", "progress");
        assertThat(reader.get("/sync-states/accounts").text("last_sync_status")).isEqualTo("running");
    }

    @ParameterizedTest
    @EnumSource
    void reportsThatTheWorkFailed(Sample sample) throws Exception {
        assertThat(sample.text()).contains(sample.result);

        Ended ended = run(sample, sample.text().replace(sample.result, sample.failure), head -> Fate.DELIVERED);

        assertThat(ended.status()).isEqualTo(1);
        JsonNode run = runs().get(0);
        assertThat(run.get("status").asString()).isEqualTo("failed");
        assertThat(run.get("errors").size()).isEqualTo(1);
    }

    @Test
    void theWatermarkKeepsARecordThatLastSyncTimeWouldLose() throws Exception {
        List<List<String>> results = new ArrayList<>();
        try (var connection = database.connect();
                var statement = connection.createStatement()) {
            boolean isResult = statement.execute(block("sql"));
            while (isResult || statement.getUpdateCount() >= 0) {
                if (isResult) {
                    List<String> rows = new ArrayList<>();
                    try (var found = statement.getResultSet()) {
                        while (found.next()) {
                            rows.add(found.getString(1));
                        }
                    }
                    results.add(rows);
                }
                isResult = statement.getMoreResults();
            }
        }

        assertThat(results.subList(results.size() - 2, results.size())).containsExactly(List.of(), List.of("two"));
    }

    private void assertSucceededOnce() {
        assertThat(runs().size()).isEqualTo(1);
        JsonNode run = runs().get(0);
        assertThat(run.get("status").asString()).isEqualTo("success");
        assertThat(run.get("records_synced").asInt()).isEqualTo(100);
        assertThat(run.get("records_created").asInt()).isEqualTo(10);
        assertThat(run.get("records_updated").asInt()).isEqualTo(90);
        assertThat(run.get("progress").get("records").asInt()).isEqualTo(50);
        var state = reader.get("/sync-states/accounts");
        assertThat(state.text("last_sync_status")).isEqualTo("success");
        assertThat(state.text("run_id")).isEqualTo(run.get("run_id").asString());
        assertThat(state.text("watermark")).isEqualTo(run.get("started_at").asString());
    }

    private JsonNode runs() {
        return reader.get("/sync-states/accounts/runs").json().get("runs");
    }

    private Ended run(Sample sample, String text, Function<String, Fate> fates) throws Exception {
        Files.writeString(directory.resolve(sample.file), text);
        if (!sample.preparation.isEmpty()) {
            Ended prepared = execute(sample, sample.preparation, "");
            assertThat(prepared.status()).as(prepared.output()).isZero();
        }
        try (var proxy = new CuttingProxy(URI.create(service.base()).getPort(), fates)) {
            return execute(sample, sample.command, proxy.base());
        }
    }

    private Ended execute(Sample sample, String command, String url) throws Exception {
        File output = directory.resolve("output").toFile();
        var builder = new ProcessBuilder(command.split(" "))
                .directory(directory.toFile())
                .redirectErrorStream(true)
                .redirectOutput(output);
        builder.environment().put("URL", url);
        builder.environment().put("SERVICE_KEY", SERVICE_KEY);
        builder.environment().put("NO_PROXY", "127.0.0.1");
        builder.environment().put("no_proxy", "127.0.0.1");
        Process process;
        try {
            process = builder.start();
        } catch (IOException e) {
            throw new AssertionError("Install what the sample needs; on Debian: apt-get install " + sample.packages, e);
        }
        try {
            assertThat(process.waitFor(120, TimeUnit.SECONDS))
                    .as(Files.readString(output.toPath()))
                    .isTrue();
        } finally {
            process.destroyForcibly();
        }
        return new Ended(process.exitValue(), Files.readString(output.toPath()));
    }

    /** The last part of the path. */
    private static String call(String head) {
        String path = head.split(" ", 3)[1];
        return path.substring(path.lastIndexOf('/') + 1);
    }

    private static String block(String language) {
        List<Block> blocks = Markdown.blocks(SECTION).stream()
                .filter(block -> block.language().equals(language))
                .toList();
        assertThat(blocks).as(language).hasSize(1);
        return blocks.get(0).text();
    }

    private record Ended(int status, String output) {}

    /** A sample, how it is run, and how its work fails. */
    enum Sample {
        BASH("sync.sh", "bash curl", "", "bash sync.sh", "synced=100 created=10 updated=90", "return 1"),
        PYTHON(
                "sync.py",
                "python3",
                "",
                "python3 sync.py",
                "return {\"records_synced\": 100, \"records_created\": 10, \"records_updated\": 90}",
                "raise RuntimeError(\"The source said \\\"no\\\"\")"),
        TYPESCRIPT(
                "sync.ts",
                "nodejs npm",
                "npx --yes esbuild@0.25.12 sync.ts --outfile=sync.mjs --log-level=error",
                "node sync.mjs",
                "return { records_synced: 100, records_created: 10, records_updated: 90 }",
                "throw new Error('The source said \"no\"')"),
        JAVA(
                "Sync.java",
                "openjdk-17-jdk-headless",
                "",
                System.getProperty("java.home") + "/bin/java Sync.java",
                "return \", \\\"records_synced\\\": 100, \\\"records_created\\\": 10, \\\"records_updated\\\": 90\";",
                "throw new IllegalStateException(\"The source said no\");");

        private final String file;
        private final String packages;
        private final String preparation;
        private final String command;
        private final String result;
        private final String failure;

        Sample(String file, String packages, String preparation, String command, String result, String failure) {
            this.file = file;
            this.packages = packages;
            this.preparation = preparation;
            this.command = command;
            this.result = result;
            this.failure = failure;
        }

        String text() {
            return block(name().toLowerCase(Locale.ROOT));
        }
    }
}
