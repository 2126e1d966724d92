package com.vantage.syncstate.security;

import static org.assertj.core.api.Assertions.assertThat;

import com.vantage.syncstate.support.ApiClient;
import com.vantage.syncstate.support.ApiClient.Response;
import com.vantage.syncstate.support.ApiTest;
import com.vantage.syncstate.support.TestJwt;
import java.net.http.HttpRequest.BodyPublishers;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.web.bind.annotation.RequestMethod;
import org.springframework.web.servlet.mvc.method.RequestMappingInfo;
import org.springframework.web.servlet.mvc.method.RequestMappingInfoHandlerMapping;

/**
 * Every endpoint by every kind of caller, with the database's own checks switched off: whatever is denied here, the
 * web layer denied.
 */
class CallersByEndpointTest extends ApiTest {

    private static final Map<String, Function<ApiClient, ApiClient>> CALLERS = Map.of(
            "no key", api -> api,
            "wrong key", api -> api.key("not-a-key"),
            "reader", api -> api.key(READER_KEY),
            "service", api -> api.key(SERVICE_KEY),
            "expired JWT", api -> api.with("Authorization", "Bearer " + TestJwt.expired("service_role", JWT_SECRET)),
            "wrong-signature JWT",
                    api -> api.with("Authorization", "Bearer " + TestJwt.of("service_role", "x" + JWT_SECRET)),
            "unknown role", api -> api.with("Authorization", "Bearer " + TestJwt.of("admin", JWT_SECRET)));

    private static final List<String> READS = List.of(
            "GET /sync-states",
            "HEAD /sync-states",
            "OPTIONS /sync-states",
            "GET /sync-states/{resource}",
            "GET /sync-states/{resource}/runs",
            "GET /sync-states/{resource}/runs/{run_id}",
            "GET /sync-states/{resource}/badge.svg",
            "GET /sync-states/{resource}/badge.json",
            "GET /alerts",
            "GET /recent-runs",
            "GET /missed-runs",
            "GET /incidents",
            "GET /incidents/{incident_id}",
            "GET /sync-states/{resource}/explanation",
            "GET /channels",
            "GET /caller",
            "GET /watch",
            "GET /mutes",
            "GET /sync-states/{resource}/skipped-days",
            "GET /notifications",
            "GET /fresh?resources={resource}",
            "HEAD /fresh?resources={resource}",
            "GET /actuator",
            "GET /actuator/prometheus",
            "GET /rest/v1",
            "GET /rest/v1/",
            "GET /rest/v1/**",
            "GET /rest/v1/{table}",
            "HEAD /rest/v1/{table}",
            "GET /webjars/nothing-here.js",
            "GET /error",
            "GET /nothing-here");

    private static final List<String> WRITES = List.of(
            "PUT /sync-states/{resource}",
            "PATCH /sync-states/{resource}",
            "DELETE /sync-states/{resource}",
            "POST /sync-states/{resource}/start",
            "POST /sync-states/{resource}/progress",
            "POST /sync-states/{resource}/complete",
            "POST /sync-states/{resource}/fail",
            "POST /alerts",
            "POST /incidents/{incident_id}/acknowledge",
            "POST /channels/{name}/test",
            "POST /mutes",
            "PUT /sync-states/{resource}/skipped-days/{day}",
            "DELETE /sync-states/{resource}/skipped-days/{day}",
            "DELETE /mutes/{mute_id}",
            "POST /notifications/{notification_id}/retry",
            "POST /problems/{slug}",
            "GET /badges",
            "HEAD /badges",
            "GET /pings",
            "HEAD /pings",
            "POST /api/v1/lineage",
            "POST /badges/{code}/{resource}.svg",
            "POST /rest/v1/{table}",
            "PATCH /rest/v1/{table}?resource=eq.accounts",
            "PUT /rest/v1/{table}",
            "DELETE /rest/v1/{table}?resource=eq.funds",
            "POST /rest/v1/rpc/{function}",
            "POST /actuator/prometheus",
            "POST /error");

    private static final List<String> OPEN = List.of(
            "GET /actuator/health",
            "HEAD /actuator/health",
            "GET /actuator/health/**",
            "HEAD /actuator/health/**",
            "GET /actuator/health/readiness",
            "GET /v3/api-docs",
            "GET /v3/api-docs.yaml",
            "GET /v3/api-docs/swagger-config",
            "GET /swagger-ui/index.html",
            "OPTIONS /rest/v1/{table}",
            "GET /",
            "HEAD /",
            "GET /index.html",
            "GET /dashboard/main.js",
            "GET /dashboard/dashboard.css",
            "GET /webjars/chart.js/dist/chart.umd.js",
            "GET /run.sh",
            "HEAD /run.sh",
            "GET /problems/{slug}",
            "HEAD /problems/{slug}");

    /**
     * Open to anyone, though what they answer here is not 200: there is no such badge, the key in the address of a ping is
     * wrong, and the last redirects.
     */
    private static final List<String> OPEN_TO_OTHER_ANSWERS = List.of(
            "GET /badges/{code}/{resource}.svg",
            "GET /badges/{code}/{resource}.json",
            "GET /ping/{key}/{resource}",
            "POST /ping/{key}/{resource}",
            "GET /ping/{key}/{resource}/{signal}",
            "POST /ping/{key}/{resource}/{signal}",
            "GET /swagger-ui");

    /** What a call has in place of the variables of a pattern. */
    private static final Map<String, String> VARIABLES = Map.ofEntries(
            Map.entry("{incident_id}", "9d2c1a0e-5b7f-4c3d-8e6a-1f0b2c3d4e5f"),
            Map.entry("{resource}", "accounts"),
            Map.entry("{name}", "ops"),
            Map.entry("{notification_id}", "9d2c1a0e-5b7f-4c3d-8e6a-1f0b2c3d4e5f"),
            Map.entry("{day}", "2026-12-25"),
            Map.entry("{mute_id}", "9d2c1a0e-5b7f-4c3d-8e6a-1f0b2c3d4e5f"),
            Map.entry("{slug}", "sync-not-running"),
            Map.entry("{run_id}", "0b9ff6a3-5f0e-4b7c-9f60-2a3a5a0c9d11"),
            Map.entry("{code}", "code"),
            Map.entry("{key}", "key"),
            Map.entry("{signal}", "start"),
            Map.entry("{table}", "vantage_sync_state"),
            Map.entry("{function}", "start_vantage_sync"),
            Map.entry("**", "liveness"));

    @Autowired
    private List<RequestMappingInfoHandlerMapping> mappings;

    @BeforeEach
    void switchTheDatabaseLayerOff() {
        database.execute("""
                alter table public.vantage_sync_state disable row level security;
                grant all on all tables in schema public to authenticated;
                grant execute on all functions in schema public to authenticated;
                """);
    }

    static Stream<Arguments> table() {
        return Stream.of(
                        rows(READS, Map.of("reader", 200, "service", 200)),
                        rows(WRITES, Map.of("reader", 403, "service", 200)))
                .flatMap(rows -> rows);
    }

    private static Stream<Arguments> rows(List<String> endpoints, Map<String, Integer> known) {
        return endpoints.stream()
                .flatMap(endpoint -> CALLERS.keySet().stream()
                        .map(caller -> Arguments.of(
                                endpoint,
                                caller,
                                known.getOrDefault(caller, caller.equals("unknown role") ? 403 : 401))));
    }

    @ParameterizedTest(name = "{0} by {1}")
    @MethodSource("table")
    void letsInOrRefuses(String endpoint, String caller, int expected) {
        Response answer = call(endpoint, CALLERS.get(caller).apply(anonymous));

        if (expected == 200) {
            assertThat(answer.status()).isNotIn(401, 403);
        } else {
            assertThat(answer.status()).isEqualTo(expected);
            assertThat(code(endpoint, answer)).isEqualTo(code(endpoint, expected, caller));
            assertThat(answer.header("WWW-Authenticate").isPresent()).isEqualTo(expected == 401);
        }
        if (!caller.equals("service")) {
            assertThat(service.get("/sync-states/accounts").text("last_sync_status"))
                    .isEqualTo("never_run");
        }
    }

    @Test
    void hasARowForEveryEndpoint() {
        Set<String> rows = Stream.of(READS, WRITES, OPEN, OPEN_TO_OTHER_ANSWERS)
                .flatMap(List::stream)
                .map(row -> row.replaceFirst("\\?.*", ""))
                .collect(Collectors.toSet());

        List<String> endpoints = mappings.stream()
                .flatMap(mapping -> mapping.getHandlerMethods().keySet().stream())
                .flatMap(CallersByEndpointTest::endpoints)
                .toList();

        assertThat(endpoints).contains("GET /sync-states", "GET /actuator/prometheus", "ANY /rest/v1/{table}");
        assertThat(endpoints)
                .allSatisfy(endpoint -> assertThat(rows)
                        .anyMatch(row -> row.equals(endpoint)
                                || row.substring(row.indexOf(' ')).equals(endpoint.replace("ANY", ""))));
    }

    /** Each with its method; where the handler looks at the method itself, {@code ANY}. */
    private static Stream<String> endpoints(RequestMappingInfo mapping) {
        Set<RequestMethod> methods = mapping.getMethodsCondition().getMethods();
        return mapping.getPatternValues().stream()
                .flatMap(path -> methods.isEmpty()
                        ? Stream.of("ANY " + path)
                        : methods.stream().map(method -> method + " " + path));
    }

    @Test
    void asksNobodyForAKeyWhereAnyoneMayCall() {
        assertThat(OPEN_TO_OTHER_ANSWERS)
                .allSatisfy(endpoint ->
                        assertThat(call(endpoint, anonymous).status()).isNotIn(401, 403));
    }

    @Test
    void servesHealthAndDocumentsToAnybody() {
        assertThat(OPEN)
                .allSatisfy(endpoint ->
                        assertThat(call(endpoint, anonymous).status()).isEqualTo(200));
    }

    /** A gateway may add one that is meant for another service. */
    @Test
    void looksAtNoKeyWhereNoneIsNeeded() {
        ApiClient mistaken = anonymous.key("not-a-key").with("Authorization", "Bearer not.a.token");

        assertThat(OPEN)
                .filteredOn(endpoint -> !endpoint.contains("/rest/v1"))
                .allSatisfy(endpoint ->
                        assertThat(call(endpoint, mistaken).status()).isEqualTo(200));
    }

    @Test
    void describesItselfAsAnOAuthResourceToNobody() {
        String address = "/.well-known/oauth-protected-resource";

        assertThat(anonymous.get(address).problem()).isEqualTo("unauthenticated");
        assertThat(reader.get(address).problem()).isEqualTo("not-found");
    }

    @Test
    void showsTheAnonymousNoDetailOfHealth() {
        assertThat(anonymous.get("/actuator/health").json().propertyNames()).containsOnly("status", "groups");
        assertThat(anonymous.get("/actuator/health/readiness").json().propertyNames())
                .containsOnly("status");
    }

    /** The type of the problem, or PostgREST's code; an answer to HEAD has neither. */
    private static String code(String endpoint, Response answer) {
        return endpoint.startsWith("HEAD")
                ? null
                : endpoint.contains("/rest/v1") ? answer.text("code") : answer.problem();
    }

    private static String code(String endpoint, int expected, String caller) {
        if (endpoint.startsWith("HEAD")) {
            return null;
        }
        if (!endpoint.contains("/rest/v1")) {
            return expected == 401 ? "unauthenticated" : "forbidden";
        }
        return switch (caller) {
            case "no key" -> "PGRST302";
            case "expired JWT" -> "PGRST303";
            case "wrong key", "wrong-signature JWT" -> "PGRST301";
            default -> "42501";
        };
    }

    private static Response call(String endpoint, ApiClient caller) {
        String method = endpoint.substring(0, endpoint.indexOf(' '));
        String path = endpoint.substring(endpoint.indexOf(' ') + 1);
        for (var variable : VARIABLES.entrySet()) {
            path = path.replace(variable.getKey(), variable.getValue());
        }
        return method.equals("POST")
                ? caller.post(path, path.endsWith("/fail") ? "{\"errors\":[]}" : "{}")
                : caller.call(method, path, BodyPublishers.noBody());
    }
}
