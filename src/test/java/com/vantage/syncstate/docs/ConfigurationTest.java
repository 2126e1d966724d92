package com.vantage.syncstate.docs;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.json.JsonMapper;

/** The README's table of properties and the service's own metadata name the same ones. */
class ConfigurationTest {

    /** For the build to set, not for users. */
    private static final Set<String> INTERNAL = Set.of("vantage.embedded.version");

    @Test
    void namesEveryPropertyOfOurs() throws Exception {
        String table = Markdown.section(Markdown.read(Markdown.README), "## Configuration");
        Set<String> properties = new TreeSet<>();
        try (var metadata = getClass().getResourceAsStream("/META-INF/spring-configuration-metadata.json")) {
            StreamSupport.stream(
                            new JsonMapper()
                                    .readTree(metadata)
                                    .get("properties")
                                    .spliterator(),
                            false)
                    .map(property -> property.get("name").asString())
                    .filter(name -> !INTERNAL.contains(name))
                    .forEach(properties::add);
        }
        List<String> named = Markdown.code(table);

        assertThat(properties)
                .isNotEmpty()
                .allSatisfy(property ->
                        assertThat(named).anyMatch(code -> code.equals(property) || isShortFor(code, property)));
    }

    /** {@code .username} after {@code vantage.datasource.reader.url} in the same row, {@code ….service.…} after its twin. */
    private static boolean isShortFor(String code, String property) {
        return (code.startsWith(".") && property.endsWith(code))
                || (code.startsWith("….") && property.contains(code.substring(1, code.length() - 1)));
    }
}
