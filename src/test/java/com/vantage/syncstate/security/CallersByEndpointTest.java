package com.vantage.syncstate.security;

import static org.assertj.core.api.Assertions.assertThat;

import com.vantage.syncstate.support.ApiClient;
import com.vantage.syncstate.support.ApiClient.Response;
import com.vantage.syncstate.support.ApiTest;
import com.vantage.syncstate.support.TestJwt;
import java.net.http.HttpRequest.BodyPublishers;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

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
            "GET /webjars/nothing-here.js",
            "HEAD /sync-states",
            "GET /sync-states/accounts",
            "GET /alerts",
            "GET /sync-states/accounts/badge.svg",
            "GET /sync-states/accounts/badge.json",
            "GET /actuator/prometheus",
            "GET /rest/v1/vantage_sync_state",
            "HEAD /rest/v1/vantage_sync_run",
            "GET /nothing-here");

    private static final List<String> WRITES = List.of(
            "PUT /sync-states/accounts",
            "DELETE /sync-states/accounts",
            "POST /alerts",
            "POST /problems/sync-not-running",
            "GET /badges",
            "HEAD /badges",
            "POST /badges/code/accounts.svg",
            "POST /sync-states/accounts/start",
            "POST /sync-states/accounts/complete",
            "POST /sync-states/accounts/fail",
            "PATCH /sync-states/accounts",
            "POST /rest/v1/vantage_sync_state",
            "PATCH /rest/v1/vantage_sync_state?resource=eq.accounts",
            "PUT /rest/v1/vantage_sync_state",
            "DELETE /rest/v1/vantage_sync_state?resource=eq.funds",
            "POST /rest/v1/rpc/start_vantage_sync",
            "POST /actuator/prometheus");

    private static final List<String> OPEN = List.of(
            "GET /actuator/health",
            "GET /actuator/health/liveness",
            "GET /actuator/health/readiness",
            "GET /v3/api-docs",
            "GET /swagger-ui/index.html",
            "GET /",
            "HEAD /",
            "HEAD /actuator/health",
            "HEAD /actuator/health/liveness",
            "GET /index.html",
            "GET /dashboard/main.js",
            "GET /dashboard/dashboard.css",
            "GET /webjars/chart.js/dist/chart.umd.js",
            "GET /problems/sync-not-running",
            "HEAD /problems/sync-not-running");

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
    void servesHealthAndDocumentsToAnybody() {
        assertThat(OPEN)
                .allSatisfy(endpoint ->
                        assertThat(call(endpoint, anonymous).status()).isEqualTo(200));
    }

    @Test
    void showsTheAnonymousNoDetailOfHealth() {
        assertThat(anonymous.get("/actuator/health").json().propertyNames()).containsOnly("status", "groups");
        assertThat(anonymous.get("/actuator/health/readiness").json().propertyNames())
                .containsOnly("status");
    }

    @Test
    void takesTheRolesOfSupabaseTokens() {
        ApiClient authenticated = anonymous.with("Authorization", "Bearer " + TestJwt.of("authenticated", JWT_SECRET));
        ApiClient anon = anonymous.key(TestJwt.of("anon", JWT_SECRET));
        ApiClient serviceRole = anonymous.with("Authorization", "bearer " + TestJwt.of("service_role", JWT_SECRET));

        assertThat(authenticated.get("/sync-states").status()).isEqualTo(200);
        assertThat(authenticated.post("/sync-states/accounts/start").status()).isEqualTo(403);
        assertThat(anon.get("/sync-states").status()).isEqualTo(200);
        assertThat(serviceRole.post("/sync-states/accounts/start").status()).isEqualTo(200);
    }

    @Test
    void refusesTokensThatNameNoAlgorithmOrAnother() {
        assertThat(List.of(
                        TestJwt.unsigned("service_role"),
                        TestJwt.of("service_role", JWT_SECRET) + "x",
                        "a.b.c",
                        "..",
                        "a".repeat(8_000)))
                .allSatisfy(token -> assertThat(anonymous
                                .with("Authorization", "Bearer " + token)
                                .get("/sync-states")
                                .status())
                        .isEqualTo(401));
    }

    @Test
    void prefersTheBearerToTheApikeyHeader() {
        assertThat(service.with("Authorization", "Bearer nope")
                        .get("/sync-states")
                        .status())
                .isEqualTo(401);
        assertThat(reader.with("Authorization", "Bearer " + SERVICE_KEY)
                        .post("/sync-states/accounts/start")
                        .status())
                .isEqualTo(200);
        assertThat(reader.with("Authorization", "Basic Zm9vOmJhcg==")
                        .get("/sync-states")
                        .status())
                .isEqualTo(200);
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
        return method.equals("POST")
                ? caller.post(path, path.endsWith("/fail") ? "{\"errors\":[]}" : "{}")
                : caller.call(method, path, BodyPublishers.noBody());
    }
}
