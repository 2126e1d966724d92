package com.vantage.syncstate.http;

import static org.assertj.core.api.Assertions.assertThat;

import com.vantage.syncstate.support.ApiClient.Response;
import com.vantage.syncstate.support.ApiTest;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.web.servlet.mvc.method.annotation.RequestMappingHandlerMapping;
import tools.jackson.databind.JsonNode;

/** The OpenAPI document says what the service does, no less and no more. */
class OpenApiTest extends ApiTest {

    @Autowired
    @Qualifier("requestMappingHandlerMapping")
    private RequestMappingHandlerMapping mappings;

    private JsonNode document;

    @BeforeEach
    void read() {
        document = anonymous.get("/v3/api-docs").json();
    }

    @Test
    void isOfVersionThreeDotOne() {
        assertThat(document.get("openapi").asString()).startsWith("3.1");
    }

    @Test
    void describesEveryEndpointAndNoOther() {
        Set<String> served = mappings.getHandlerMethods().entrySet().stream()
                .filter(mapping ->
                        mapping.getValue().getBeanType().getPackageName().startsWith("com.vantage"))
                .flatMap(mapping -> mapping.getKey().getPatternValues().stream()
                        .flatMap(path -> mapping.getKey().getMethodsCondition().getMethods().stream()
                                .map(method -> method + " " + path)))
                .filter(endpoint -> !endpoint.contains("/rest/v1"))
                .collect(Collectors.toCollection(TreeSet::new));

        Set<String> described = new TreeSet<>();
        document.get("paths")
                .properties()
                .forEach(path -> path.getValue()
                        .propertyNames()
                        .forEach(method -> described.add(method.toUpperCase(Locale.ROOT) + " " + path.getKey())));

        assertThat(described).containsAll(served);
        assertThat(described.stream().filter(endpoint -> !endpoint.contains("/rest/v1")))
                .hasSameElementsAs(served);
    }

    @Test
    void namesEveryProblemThatIsMet() {
        service.post("/sync-states/accounts/start");
        List<String> undescribed = new ArrayList<>();
        for (Met met : List.of(
                new Met("get", "/sync-states", reader.get("/sync-states?limit=0")),
                new Met("get", "/sync-states", anonymous.get("/sync-states")),
                new Met("get", "/sync-states", reader.with("Accept", "text/css").get("/sync-states")),
                new Met("get", "/sync-states/{resource}", reader.get("/sync-states/nope")),
                new Met("put", "/sync-states/{resource}", reader.put("/sync-states/nope")),
                new Met("delete", "/sync-states/{resource}", service.delete("/sync-states/nope")),
                new Met("post", "/sync-states/{resource}/start", service.post("/sync-states/accounts/start")),
                new Met("post", "/sync-states/{resource}/complete", service.post("/sync-states/funds/complete", "{}")),
                new Met("post", "/sync-states/{resource}/complete", service.post("/sync-states/nope/complete", "{}")),
                new Met("post", "/sync-states/{resource}/fail", service.post("/sync-states/funds/fail", "{}")),
                new Met("get", "/sync-states/{resource}/runs", reader.get("/sync-states/nope/runs")))) {
            assertThat(met.answer().problem()).isNotNull();
            if (!examples(met).contains(met.answer().problem())) {
                undescribed.add(
                        met.method() + " " + met.path() + " " + met.answer().problem());
            }
        }

        assertThat(undescribed).isEmpty();
    }

    @Test
    void namesTheKeysThatAnAnswerHas() {
        service.post("/sync-states/accounts/start");

        assertThat(keys("SyncState"))
                .isEqualTo(keys(reader.get("/sync-states").json().get(0)));
        assertThat(keys("SyncStateDetails"))
                .isEqualTo(keys(reader.get("/sync-states/accounts").json()));
        assertThat(keys("Run"))
                .isEqualTo(keys(reader.get("/sync-states/accounts/runs")
                        .json()
                        .get("runs")
                        .get(0)));
    }

    @ParameterizedTest
    @ValueSource(strings = {"start", "progress", "complete", "fail"})
    void saysThatALifecycleCallNeedsNoBody(String call) {
        JsonNode body = document.get("paths")
                .get("/sync-states/{resource}/" + call)
                .get("post")
                .get("requestBody");

        assertThat(body.path("required").asBoolean(false)).isFalse();
        assertThat(body.get("content").propertyNames()).containsExactly("application/json");
    }

    @Test
    void groupsTheEndpoints() {
        Set<String> groups = new TreeSet<>();
        document.get("paths")
                .forEach(path -> path.forEach(operation -> {
                    assertThat(operation.get("tags")).as(operation.toString()).hasSize(1);
                    groups.add(operation.get("tags").get(0).asString());
                }));

        assertThat(groups).containsExactly("Alerts", "Badges", "Incidents", "Jobs", "Problems", "Runs", "States");
        assertThat(document.get("tags"))
                .extracting(tag -> tag.get("name").asString())
                .hasSameElementsAs(groups)
                .doesNotHaveDuplicates();
        assertThat(document.get("tags"))
                .allSatisfy(tag -> assertThat(tag.get("description").asString()).endsWith("."));
    }

    @Test
    void requiresNoThresholdOfWhoeverSetsOne() {
        assertThat(document.at("/components/schemas/ThresholdsRequest/properties")
                        .propertyNames())
                .containsExactly("stuck_after", "stale_after", "slow_after", "fail_after");
        assertThat(document.at("/components/schemas/ThresholdsRequest").has("required"))
                .isFalse();
    }

    @Test
    void givesExamplesAndLimits() {
        String text = document.toString();

        assertThat(text).contains("\"example\"", "\"minimum\":0", "\"maximum\":100", "\"pattern\"");
    }

    private List<String> examples(Met met) {
        JsonNode response = document.get("paths")
                .get(met.path())
                .get(met.method())
                .get("responses")
                .get(String.valueOf(met.answer().status()));
        return response == null
                ? List.of()
                : List.copyOf(response.get("content")
                        .get("application/problem+json")
                        .get("examples")
                        .propertyNames());
    }

    /** Those that every answer has. */
    private List<String> keys(String schema) {
        JsonNode described = document.get("components").get("schemas").get(schema);
        List<String> required = StreamSupport.stream(described.get("required").spliterator(), false)
                .map(JsonNode::asString)
                .toList();
        return keys(described.get("properties")).stream()
                .filter(required::contains)
                .toList();
    }

    private static List<String> keys(JsonNode object) {
        return List.copyOf(object.propertyNames());
    }

    private record Met(String method, String path, Response answer) {}

    @Test
    void requiresNoKeyThatAnAnswerMayLeaveOut() {
        for (String schema : List.of("SyncState", "Run")) {
            JsonNode described = document.at("/components/schemas/" + schema);

            assertThat(described.get("properties").propertyNames()).contains("errors_total", "errors_truncated");
            assertThat(described.get("required").toString())
                    .contains("\"errors\"")
                    .doesNotContain("errors_t");
        }
    }
}
