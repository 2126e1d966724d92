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
                // Protocols of others, described by them
                .filter(endpoint -> !endpoint.contains("/rest/v1") && !endpoint.contains("/ping/"))
                .collect(Collectors.toCollection(TreeSet::new));

        Set<String> described = new TreeSet<>();
        document.get("paths")
                .properties()
                .forEach(path -> path.getValue()
                        .propertyNames()
                        .forEach(method -> described.add(method.toUpperCase(Locale.ROOT) + " " + path.getKey())));

        assertThat(described).containsAll(served);
        assertThat(described.stream()
                        .filter(endpoint -> !endpoint.contains("/rest/v1") && !endpoint.contains("/actuator")))
                .hasSameElementsAs(served);
    }

    @Test
    void describesWhatMonitorsCall() {
        List<String> described = document.get("paths").propertyNames().stream()
                .filter(path -> path.startsWith("/actuator/"))
                .toList();

        assertThat(described)
                .contains("/actuator/health/readiness", "/actuator/prometheus")
                // Not whether it is ready: another test may have taken the role of its connections from it.
                .allSatisfy(path -> assertThat(reader.get(path).status()).isIn(200, 503));
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
                new Met("get", "/fresh", reader.get("/fresh?resources=accounts")),
                new Met("get", "/fresh", reader.get("/fresh?resources=nope")),
                new Met("put", "/sync-states/{resource}", reader.put("/sync-states/nope")),
                new Met("delete", "/sync-states/{resource}", service.delete("/sync-states/nope")),
                new Met("post", "/sync-states/{resource}/start", service.post("/sync-states/accounts/start")),
                new Met("post", "/sync-states/{resource}/complete", service.post("/sync-states/funds/complete", "{}")),
                new Met("post", "/sync-states/{resource}/complete", service.post("/sync-states/nope/complete", "{}")),
                new Met("post", "/sync-states/{resource}/fail", service.post("/sync-states/funds/fail", "{}")),
                new Met("get", "/sync-states/{resource}/runs", reader.get("/sync-states/nope/runs")),
                new Met("get", "/recent-runs", reader.get("/recent-runs?resources=")),
                new Met("get", "/missed-runs", reader.get("/missed-runs?since=yesterday")),
                new Met("get", "/alerts", service.delete("/alerts")),
                new Met("get", "/actuator/prometheus", anonymous.get("/actuator/prometheus")),
                new Met("get", "/actuator/health", reader.get("/actuator/health?%ff")))) {
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
    void givesEachOperationANameOfItsOwn() {
        List<String> names = new ArrayList<>();
        document.get("paths")
                .forEach(path -> path.forEach(
                        operation -> names.add(operation.get("operationId").asString())));

        assertThat(names)
                .doesNotHaveDuplicates()
                // A number at the end tells two methods of one name apart, until another is added: name it in
                // @Operation.
                .allSatisfy(name -> assertThat(name).matches("[a-z][A-Za-z]+"));
    }

    @Test
    void promisesAnETagWhereThereIsOne() {
        service.post("/sync-states/accounts/start");
        List<String> reads = List.of(
                "/sync-states",
                "/sync-states/{resource}",
                "/sync-states/{resource}/runs",
                "/sync-states/{resource}/badge.svg",
                "/sync-states/{resource}/badge.json",
                "/recent-runs",
                "/missed-runs",
                "/badges",
                "/pings",
                "/alerts");

        assertThat(reads).allSatisfy(path -> {
            String tag = service.get(path.replace("{resource}", "accounts"))
                    .header("ETag")
                    .orElseThrow();
            JsonNode responses = document.get("paths").get(path).get("get").get("responses");

            assertThat(responses.has("304")).isTrue();
            assertThat(tag)
                    .matches(responses.at("/200/headers/ETag/schema/pattern").asString());
        });
    }

    @Test
    void streamsOnlyToWhoeverPrefersEventsToJson() {
        String both = "application/json, text/event-stream, application/problem+json";

        assertThat(reader.with("Accept", both).get("/sync-states").header("Content-Type"))
                .hasValue("application/json");
        assertThat(document.at("/paths/~1sync-states/get/responses/200/content").propertyNames())
                .containsExactly("application/json", "text/event-stream");
    }

    @Test
    void limitsEveryNumber() {
        List<JsonNode> numbers = document.findParents("type").stream()
                .filter(schema -> schema.get("type").toString().contains("\"integer\""))
                .toList();

        assertThat(numbers)
                .hasSizeGreaterThan(20)
                .allSatisfy(schema -> assertThat(schema.propertyNames()).contains("minimum", "maximum"));
    }

    @Test
    void letsAnErrorHaveKeysOfItsOwn() {
        JsonNode error = document.at("/components/schemas/ErrorReport");

        assertThat(error.get("additionalProperties").asBoolean()).isTrue();
        assertThat(error.at("/properties/record_id").has("type")).isFalse();
        assertThat(error.at("/properties/stack").has("type")).isFalse();
    }

    @Test
    void groupsTheEndpoints() {
        Set<String> groups = new TreeSet<>();
        document.get("paths")
                .forEach(path -> path.forEach(operation -> {
                    assertThat(operation.get("tags")).as(operation.toString()).hasSize(1);
                    groups.add(operation.get("tags").get(0).asString());
                }));

        assertThat(groups)
                .containsExactly(
                        "Alerts",
                        "Badges",
                        "Callers",
                        "Freshness",
                        "Incidents",
                        "Jobs",
                        "Lineage",
                        "Monitoring",
                        "Notifications",
                        "Pings",
                        "Problems",
                        "Runs",
                        "States");
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
                .containsExactly("stuck_after", "stale_after", "slow_after", "fail_after", "expect");
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
                : List.copyOf(document.at(response.get("$ref").asString().substring(1))
                        .at("/content/application~1problem+json/examples")
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
