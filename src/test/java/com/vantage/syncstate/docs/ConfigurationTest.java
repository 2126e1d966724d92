package com.vantage.syncstate.docs;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** The README's table of properties and the service's own metadata name the same ones. */
class ConfigurationTest {

    /** For the build to set, not for users. */
    private static final Set<String> INTERNAL = Set.of("vantage.embedded.version");

    private final String table = Markdown.section(Markdown.read(Markdown.README), "## Configuration");

    @Test
    void namesEveryPropertyOfOurs() {
        Set<String> properties = metadata().keySet();

        List<String> named = Markdown.code(table);

        assertThat(properties)
                .isNotEmpty()
                .allSatisfy(property ->
                        assertThat(named).anyMatch(code -> code.equals(property) || isShortFor(code, property)));
    }

    @Test
    void givesTheDefaultThatTheRecordsHave() {
        Map<String, String> metadata = metadata();

        Map<String, String> documented = new TreeMap<>();
        for (List<String> row : Markdown.rows(table)) {
            String property = Markdown.code(row.get(0)).stream().findFirst().orElse("");
            if (metadata.containsKey(property)) {
                documented.put(property, String.join(", ", Markdown.code(row.get(1))));
            }
        }

        assertThat(documented)
                .hasSizeGreaterThan(5)
                .allSatisfy((property, value) -> assertThat(value).isEqualTo(metadata.get(property)));
    }

    /** Every property of ours with its default, which is empty where there is none. */
    private static Map<String, String> metadata() {
        Map<String, String> properties = new TreeMap<>();
        JsonNode metadata = new JsonMapper()
                .readTree(ConfigurationTest.class.getResourceAsStream("/META-INF/spring-configuration-metadata.json"));
        for (JsonNode property : metadata.get("properties")) {
            properties.put(
                    property.get("name").asString(),
                    property.path("defaultValue").asString(""));
        }
        properties.keySet().removeAll(INTERNAL);
        return properties;
    }

    /** {@code .username} after {@code vantage.datasource.reader.url} in the same row, {@code ….service.…} after its twin. */
    private static boolean isShortFor(String code, String property) {
        return (code.startsWith(".") && property.endsWith(code))
                || (code.startsWith("….") && property.contains(code.substring(1, code.length() - 1)));
    }
}
