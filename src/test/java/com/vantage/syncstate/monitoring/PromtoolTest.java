package com.vantage.syncstate.monitoring;

import static org.assertj.core.api.Assertions.assertThat;

import com.vantage.syncstate.support.ApiTest;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** What stands in {@code src/monitoring}, and the metrics, as Prometheus' own tool judges them. */
@Tag("promtool")
class PromtoolTest extends ApiTest {

    private static final JsonMapper JSON = new JsonMapper();
    private static final Path MONITORING = Path.of("src/monitoring");
    private static final Path PROMETHEUS = MONITORING.resolve("prometheus");

    /** What promtool ends with that could read all metrics, and would have some otherwise. */
    private static final int LINTED = 3;

    /** What it finds in the metrics of Micrometer and of the server, as they name and describe them. */
    private static final List<String> OF_THE_FRAMEWORK = List.of(
            "tomcat_sessions_\\w+ no help text",
            "jvm_compilation_time_ms_total metric names should not contain abbreviated units",
            "process_cpu_time_ns_total metric names should not contain abbreviated units",
            "system_cpu_count non-histogram and non-summary metrics should not have \"_count\" suffix");

    @Test
    void findsTheRulesRight() throws Exception {
        passes("check", "rules", "alerts.yml");
    }

    @Test
    void findsThatTheRulesFireWhenTheyShould() throws Exception {
        passes("test", "rules", "alerts_test.yml");
    }

    @Test
    void findsTheConfigurationRight() throws Exception {
        passes("check", "config", "--syntax-only", "prometheus.yml");
    }

    @Test
    void findsNothingToSayAgainstTheMetricsButWhatTheFrameworkIsKnownFor() throws Exception {
        service.post("/sync-states/accounts/start");
        service.post("/sync-states/accounts/complete", "{\"records_synced\": 1}");
        String metrics = scrape();

        Verdict verdict = promtool(metrics, "check", "metrics");

        assertThat(metrics).contains("# HELP vantage_sync_calls_total", "# TYPE vantage_sync_alert gauge");
        assertThat(verdict.status()).as(verdict.output()).isIn(0, LINTED);
        List<String> findings = verdict.output().lines().toList();
        assertThat(findings).allSatisfy(finding -> assertThat(OF_THE_FRAMEWORK).anyMatch(finding::matches));
    }

    @Test
    void findsRulesAndPanelsThatAskForMetricsThatThereAre() throws Exception {
        service.post("/sync-states/accounts/start");
        service.post("/sync-states/accounts/complete", "{\"records_synced\": 1}");
        database.execute("""
                select public.set_vantage_channels(
                  '[{"name": "ops", "kind": "slack", "is_grouped": true, "min_severity": "error"}]')
                """);
        Set<String> asked = new TreeSet<>();
        String files = Files.readString(PROMETHEUS.resolve("alerts.yml"))
                + Files.readString(MONITORING.resolve("grafana/dashboards/vantage-sync-state.json"));
        Matcher name = Pattern.compile("\\bvantage_\\w+").matcher(files);
        while (name.find()) {
            asked.add(name.group());
        }

        assertThat(asked).hasSizeGreaterThan(5);
        assertThat(scrape().lines().map(line -> line.replaceFirst("[{ ].*", "")).toList())
                .containsAll(asked);
    }

    @Test
    void findsThePanelsToAskWhatCanBeAsked(@TempDir Path directory) throws Exception {
        List<Map<String, String>> asked = new ArrayList<>();
        dashboard()
                .get("panels")
                .forEach(panel -> panel.get("targets")
                        .forEach(target -> asked.add(Map.of(
                                "record",
                                "panel:" + asked.size(),
                                "expr",
                                target.get("expr")
                                        .asString()
                                        .replace("$resource", ".*")
                                        .replace("$__rate_interval", "1m")))));
        // JSON is YAML.
        Path rules = Files.writeString(
                directory.resolve("panels.yml"),
                JSON.writeValueAsString(Map.of("groups", List.of(Map.of("name", "panels", "rules", asked)))));

        assertThat(asked).hasSizeGreaterThan(10);
        passes("check", "rules", rules.toString());
    }

    @Test
    void hasASectionOfTheRunbookForEveryRule() throws Exception {
        Set<String> sections = Files.readString(MONITORING.resolve("RUNBOOK.md"))
                .lines()
                .filter(line -> line.startsWith("## "))
                .map(line -> "src/monitoring/RUNBOOK.md#" + line.substring(3).toLowerCase(Locale.ROOT))
                .collect(Collectors.toSet());

        List<String> named = Files.readString(PROMETHEUS.resolve("alerts.yml"))
                .lines()
                .map(String::strip)
                .filter(line -> line.startsWith("runbook: "))
                .map(line -> line.substring("runbook: ".length()))
                .toList();

        assertThat(named).hasSameElementsAs(sections).hasSize(8);
    }

    @Test
    void hasADashboardThatGrafanaCanRead() {
        assertThat(dashboard().get("panels")).allSatisfy(panel -> {
            assertThat(panel.get("title").asString()).isNotBlank();
            assertThat(panel.get("targets")).isNotEmpty();
        });
    }

    private static JsonNode dashboard() {
        return JSON.readTree(MONITORING.resolve("grafana/dashboards/vantage-sync-state.json"));
    }

    private String scrape() {
        return reader.get("/actuator/prometheus").body();
    }

    private static void passes(String... arguments) throws IOException, InterruptedException {
        Verdict verdict = promtool("", arguments);
        assertThat(verdict.status()).as(verdict.output()).isZero();
    }

    private static Verdict promtool(String input, String... arguments) throws IOException, InterruptedException {
        Path output = Files.createTempFile("promtool", ".txt");
        Path given = Files.writeString(Files.createTempFile("promtool", ".in"), input);
        try {
            var command = new ArrayList<>(List.of("promtool"));
            command.addAll(List.of(arguments));
            Process process = start(new ProcessBuilder(command)
                    .directory(PROMETHEUS.toFile())
                    .redirectInput(given.toFile())
                    .redirectErrorStream(true)
                    .redirectOutput(output.toFile()));
            int status = process.waitFor();
            return new Verdict(status, Files.readString(output, StandardCharsets.UTF_8));
        } finally {
            Files.delete(output);
            Files.delete(given);
        }
    }

    private static Process start(ProcessBuilder promtool) {
        try {
            return promtool.start();
        } catch (IOException e) {
            throw new AssertionError(
                    "Install promtool, which judges the alert rules (Debian's package: prometheus)", e);
        }
    }

    /** What promtool ended with and said. */
    private record Verdict(int status, String output) {}
}
