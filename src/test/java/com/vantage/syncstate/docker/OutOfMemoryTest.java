package com.vantage.syncstate.docker;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.Yaml;
import org.yaml.snakeyaml.constructor.SafeConstructor;
import tools.jackson.databind.json.JsonMapper;

/** Out of memory the service ends, so that it is started again: otherwise a thread or two die and the rest answers nothing. */
class OutOfMemoryTest {

    private static final String OPTION = "-XX:+ExitOnOutOfMemoryError";
    private static final String ENTRYPOINT = "ENTRYPOINT ";

    @TempDir
    private Path directory;

    @Test
    void endsTheServiceOfTheImage() throws IOException {
        List<String> command = entrypoint();

        assertThat(command).startsWith("java").contains(OPTION);
        assertThat(command.indexOf(OPTION)).as("an option of Java").isLessThan(command.indexOf("-jar"));
    }

    /** Each starts the image as it is. */
    @ParameterizedTest
    @MethodSource("containers")
    void leavesTheCommandAsItIs(Map<String, Object> container) {
        assertThat(container).doesNotContainKeys("entrypoint", "command", "args");
    }

    @Test
    void endsAProcessWhereverItHappens() throws Exception {
        List<String> java = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(), "-Xmx16m", "-XX:+UseSerialGC"));
        java.addAll(entrypoint().stream().filter(OPTION::equals).toList());
        java.addAll(List.of(
                "-cp",
                Path.of(OutOfMemoryTest.class
                                .getProtectionDomain()
                                .getCodeSource()
                                .getLocation()
                                .toURI())
                        .toString(),
                Hoarder.class.getName()));

        File output = directory.resolve("output").toFile();
        Process process = new ProcessBuilder(java)
                .redirectErrorStream(true)
                .redirectOutput(output)
                .start();
        try {
            assertThat(process.waitFor(60, TimeUnit.SECONDS)).as("ended").isTrue();
            assertThat(process.exitValue())
                    .as(Files.readString(output.toPath()))
                    .isEqualTo(3);
        } finally {
            process.destroyForcibly();
        }
    }

    private static List<String> entrypoint() throws IOException {
        List<String> lines = Files.readAllLines(Path.of("src/docker/Dockerfile")).stream()
                .filter(line -> line.startsWith(ENTRYPOINT) || line.startsWith("CMD "))
                .toList();
        assertThat(lines).singleElement().asString().startsWith(ENTRYPOINT);
        return List.of(new JsonMapper().readValue(lines.get(0).substring(ENTRYPOINT.length()), String[].class));
    }

    static Stream<Map<String, Object>> containers() throws IOException {
        Map<String, Object> compose = yaml("docker-compose.yml");
        return Stream.concat(
                Stream.of(child(child(compose, "services"), "sync-state")),
                Stream.of("base", "cloudnative-pg").flatMap(OutOfMemoryTest::containersOf));
    }

    @SuppressWarnings("unchecked")
    private static Stream<Map<String, Object>> containersOf(String kustomization) {
        Map<String, Object> deployment = yaml("src/kubernetes/" + kustomization + "/deployment.yaml");
        Map<String, Object> pod = child(child(child(deployment, "spec"), "template"), "spec");
        return ((List<Map<String, Object>>) pod.get("containers")).stream();
    }

    @SuppressWarnings("unchecked")
    private static Map<String, Object> child(Map<String, Object> parent, String key) {
        return (Map<String, Object>) parent.get(key);
    }

    private static Map<String, Object> yaml(String file) {
        try {
            return new Yaml(new SafeConstructor(new LoaderOptions())).load(Files.readString(Path.of(file)));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Runs out of memory in a thread of its own, and lives on. */
    static final class Hoarder {

        private static final List<byte[]> KEPT = new ArrayList<>();

        private Hoarder() {}

        public static void main(String[] arguments) throws InterruptedException {
            new Thread(() -> {
                        while (true) {
                            KEPT.add(new byte[1 << 20]);
                        }
                    })
                    .start();
            Thread.sleep(Long.MAX_VALUE);
        }
    }
}
