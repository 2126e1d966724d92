package com.vantage.syncstate.docs;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** The jar lists what it is made of, and nothing in it has a licence that would not permit its use. */
class SbomTest {

    private static final Set<String> PERMITTED =
            Set.of("Apache-2.0", "MIT", "BSD-2-Clause", "BSD-3-Clause", "0BSD", "CC0-1.0", "EPL-2.0", "PostgreSQL");

    private final List<JsonNode> components = new JsonMapper()
            .readTree(SbomTest.class.getResourceAsStream("/META-INF/sbom/application.cdx.json"))
            .get("components")
            .valueStream()
            .toList();

    @Test
    void namesWhatTheServiceRunsOnAndNothingOfItsTests() {
        assertThat(components)
                .extracting(component -> component.get("name").asString())
                .contains("spring-webmvc", "tomcat-embed-core", "postgresql", "flyway-core", "swagger-ui", "chart.js")
                .doesNotContain("selenium-chrome-driver", "testcontainers", "archunit-junit5", "junit-jupiter");
    }

    /** By these a scanner knows it. */
    @Test
    void givesEachAVersionAnAddressAndADigest() {
        assertThat(components).isNotEmpty().allSatisfy(component -> {
            assertThat(component.get("version").asString()).isNotBlank();
            assertThat(component.get("purl").asString()).startsWith("pkg:maven/");
            assertThat(component.get("hashes")).isNotEmpty();
        });
    }

    @Test
    void hasNoLicenceThatForbidsItsUse() {
        assertThat(components)
                .allSatisfy(component -> assertThat(licences(component))
                        .as("%s", component.get("purl"))
                        .anyMatch(PERMITTED::contains));
    }

    private static Stream<String> licences(JsonNode component) {
        return component
                .path("licenses")
                .valueStream()
                .map(licence -> licence.path("license")
                        .path("id")
                        .asString(licence.path("expression").asString("")));
    }
}
