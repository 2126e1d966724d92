package com.vantage.syncstate.dashboard;

import static org.assertj.core.api.Assertions.assertThat;

import com.vantage.syncstate.support.NodePackages;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** The page's modules that need no browser; their tests are in {@code src/test/js/dashboard}. */
@Tag("node")
class DashboardModulesTest {

    private static final Path TESTS = Path.of("src", "test", "js", "dashboard");

    @Test
    void passTheirTests() throws IOException {
        NodePackages.requireNode();
        List<String> command = new ArrayList<>(List.of("node", "--test", "--test-reporter=spec"));
        try (Stream<Path> files = Files.list(TESTS)) {
            files.map(Path::toString)
                    .filter(file -> file.endsWith(".test.js"))
                    .sorted()
                    .forEach(command::add);
        }

        NodePackages.Ended tests = NodePackages.run(command, Path.of(""), 60);

        assertThat(tests.code()).as(tests.output()).isZero();
        assertThat(tests.output()).contains("fail 0").contains("skipped 0");
    }
}
