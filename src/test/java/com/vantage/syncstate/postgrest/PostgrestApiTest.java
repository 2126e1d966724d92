package com.vantage.syncstate.postgrest;

import static org.assertj.core.api.Assertions.assertThat;

import com.vantage.syncstate.support.ApiClient;
import com.vantage.syncstate.support.ApiClient.Response;
import com.vantage.syncstate.support.ApiTest;
import com.vantage.syncstate.support.TestJwt;
import com.zaxxer.hikari.HikariDataSource;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpRequest.BodyPublishers;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.http.HttpHeaders;
import tools.jackson.databind.JsonNode;

/** What /rest/v1 answers without the client in between: its errors, roles and headers. */
class PostgrestApiTest extends ApiTest {

    private static final String STATES = "/rest/v1/vantage_sync_state";
    private static final String START = "/rest/v1/rpc/start_vantage_sync";

    @Autowired
    @Qualifier("reader")
    private HikariDataSource readers;

    /** What the README says of channel(), auth, storage and functions. */
    @ParameterizedTest
    @ValueSource(strings = {"/realtime/v1/websocket", "/auth/v1/user", "/storage/v1/bucket", "/functions/v1/hello"})
    void isAllThatIsServedOfSupabase(String path) {
        assertThat(reader.get(path).status()).isEqualTo(404);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            GET    | vantage_sync_state?resource=foo.1               |                | 400 | PGRST100
            GET    | vantage_sync_state?select=nope                  |                | 400 | 42703
            GET    | vantage_sync_state?nope=eq.1                    |                | 400 | 42703
            GET    | vantage_sync_state?order=nope                   |                | 400 | 42703
            GET    | vantage_sync_state?records_synced=eq.x          |                | 400 | 22P02
            GET    | vantage_sync_state?last_sync_time=gt.x          |                | 400 | 22007
            GET    | vantage_sync_state?records_synced=like.1        |                | 404 | 42883
            GET    | vantage_sync_state?limit=-1                     |                | 416 | PGRST103
            GET    | vantage_sync_state?select=vantage_sync_run(*)   |                | 400 | PGRST100
            GET    | nope                                            |                | 404 | PGRST205
            GET    | flyway_schema_history                           |                | 404 | PGRST205
            GET    | pg_roles                                        |                | 404 | PGRST205
            GET    | vantage_sync_state/accounts                     |                | 404 | PGRST125
            GET    | vantage_sync_state%2Faccounts                   |                | 404 | PGRST125
            GET    | rpc/start_vantage_sync                          |                | 405 | PGRST101
            PUT    | rpc/start_vantage_sync                          | {}             | 405 | PGRST101
            PUT    | vantage_sync_state                              | {}             | 405 | PGRST117
            BREW   | vantage_sync_state                              |                | 405 | PGRST117
            POST   | rpc/nope                                        | {}             | 404 | PGRST202
            POST   | rpc/lock_running_vantage_sync                   | {"p_resource":"a"} | 404 | PGRST202
            POST   | rpc/start_vantage_sync                          | {}             | 404 | PGRST202
            POST   | rpc/start_vantage_sync                          | {"p_resource":"a","b":1} | 404 | PGRST202
            POST   | rpc/start_vantage_sync                          | {              | 400 | PGRST102
            POST   | rpc/start_vantage_sync?resource=eq.a            | {"p_resource":"a"} | 400 | PGRST100
            POST   | rpc/complete_vantage_sync                       | {"p_resource":"nope"} | 404 | PT404
            POST   | rpc/complete_vantage_sync                       | {"p_resource":"funds"} | 409 | PT409
            POST   | rpc/complete_vantage_sync                       | {"p_resource":"funds","p_records_synced":"x"} | 400 | 22P02
            POST   | rpc/fail_vantage_sync                           | {"p_resource":"funds","p_errors":{}} | 400 | PT400
            POST   | rpc/start_vantage_sync                          | {"p_resource":"b@d"} | 400 | 23514
            POST   | vantage_sync_state                              |                | 400 | PGRST102
            POST   | vantage_sync_state                              | [{"resource":"a"},{"errors":[]}] | 400 | PGRST102
            POST   | vantage_sync_state                              | {"nope":1}     | 400 | PGRST204
            POST   | vantage_sync_state                              | {"resource":"funds"} | 409 | 23505
            POST   | vantage_sync_state                              | {"resource":"b@d"} | 400 | 23514
            POST   | vantage_sync_state                              | {"records_synced":1} | 400 | 23502
            POST   | vantage_sync_state                              | {"x":1e2147483648} | 400 | PGRST204
            POST   | vantage_sync_state                              | {"resource":"a","records_synced":1e2147483648} | 400 | 22P02
            POST   | rpc/complete_vantage_sync                       | {"p_resource":"a","p_records_synced":-1E-99999999999} | 400 | 22P02
            POST   | vantage_sync_state?limit=1                      | {"resource":"a"} | 400 | PGRST100
            PATCH  | vantage_sync_state                              | {"errors":[]}  | 400 | 21000
            PATCH  | vantage_sync_state?resource=eq.funds            | {"nope":1}     | 400 | PGRST204
            DELETE | vantage_sync_state                              |                | 400 | 21000
            """)
    void refusesAsPostgrestDoes(String method, String path, String body, int status, String code) {
        Response refused = service.with("Content-Type", "application/json")
                .call(
                        method,
                        "/rest/v1/" + path,
                        body == null ? BodyPublishers.noBody() : BodyPublishers.ofString(body));

        assertRefused(refused, status, code);
    }

    @Test
    void refusesCallersInTheWordsThatTheirClientKnows() {
        assertRefused(anonymous.get(STATES), 401, "PGRST302");
        assertThat(anonymous.get(STATES).text("message")).isEqualTo("No API key found in request");
        assertRefused(anonymous.key("wrong").get(STATES), 401, "PGRST301");
        assertThat(anonymous.key("wrong").get(STATES).text("message")).isEqualTo("Invalid API key");
        assertRefused(
                bearer(TestJwt.of("authenticated", "another secret of more than 32 bytes"))
                        .get(STATES),
                401,
                "PGRST301");
        Response expired = bearer(TestJwt.expired("authenticated", JWT_SECRET)).get(STATES);
        assertRefused(expired, 401, "PGRST303");
        assertThat(expired.text("message")).isEqualTo("JWT expired");
        assertThat(expired.header(HttpHeaders.WWW_AUTHENTICATE)).hasValue("Bearer error=\"invalid_token\"");
        assertRefused(bearer(TestJwt.of("postgres", JWT_SECRET)).get(STATES), 403, "42501");
    }

    @Test
    void takesNoKeyFromTheAddress() {
        assertRefused(anonymous.get(STATES + "?apikey=" + READER_KEY), 401, "PGRST302");
    }

    @Test
    void refusesHeadersThatAskForWhatThereIsNot() {
        assertRefused(reader.with("Accept-Profile", "private").get(STATES), 406, "PGRST106");
        assertRefused(reader.with("Accept", "text/csv").get(STATES), 406, "PGRST107");
        assertRefused(reader.with("Prefer", "handling=strict, max-affected=1").get(STATES), 400, "PGRST122");
        assertRefused(reader.with("Prefer", "count=exact").get(STATES + "?offset=4"), 416, "PGRST103");
        assertRefused(
                service.with("Content-Type", "text/csv").call("POST", START, BodyPublishers.ofString("p_resource\na")),
                400,
                "PGRST102");
        assertRefused(
                service.with("Content-Profile", "private").post(START, "{\"p_resource\":\"accounts\"}"),
                406,
                "PGRST106");
    }

    @Test
    void refusesBodiesOverTheLimit() {
        String tooLong = "{\"p_resource\":\"" + "a".repeat(1_100_000) + "\"}";

        assertRefused(service.post(START, tooLong), 413, "PGRST102");
        assertRefused(
                service.with("Content-Type", "application/json")
                        .call(
                                "POST",
                                START,
                                BodyPublishers.ofInputStream(() -> new java.io.ByteArrayInputStream(
                                        tooLong.getBytes(java.nio.charset.StandardCharsets.UTF_8)))),
                413,
                "PGRST102");
    }

    @Test
    void letsReadersReadAndRefusesTheirWrites() {
        for (ApiClient caller : List.of(
                reader, bearer(TestJwt.of("anon", JWT_SECRET)), bearer(TestJwt.of("authenticated", JWT_SECRET)))) {
            assertThat(caller.get(STATES).status()).isEqualTo(200);
            assertThat(caller.call("HEAD", STATES, BodyPublishers.noBody()).status())
                    .isEqualTo(200);
            assertDenied(caller.post(STATES, "{\"resource\":\"mine\"}"), "table vantage_sync_state");
            assertDenied(
                    caller.with("Prefer", "resolution=merge-duplicates").post(STATES, "{\"resource\":\"funds\"}"),
                    "table vantage_sync_state");
            assertDenied(patch(caller, "?resource=eq.funds", "{\"records_synced\":1}"), "table vantage_sync_state");
            assertDenied(caller.delete(STATES + "?resource=eq.funds"), "table vantage_sync_state");
            assertDenied(caller.post(START, "{\"p_resource\":\"funds\"}"), "function start_vantage_sync");
            assertDenied(
                    caller.post("/rest/v1/rpc/complete_vantage_sync", "{\"p_resource\":\"funds\"}"),
                    "function complete_vantage_sync");
            assertDenied(
                    caller.post("/rest/v1/rpc/fail_vantage_sync", "{\"p_resource\":\"funds\",\"p_errors\":[]}"),
                    "function fail_vantage_sync");
            assertDenied(caller.put(STATES, "{}"), "table vantage_sync_state");
        }
        assertThat(database.query("select count(*) from vantage_sync_state where last_sync_status = 'never_run'"))
                .isEqualTo("3");
    }

    @Test
    void refusesAReadersWritesWhetherOrNotTheirTargetExists() {
        assertDenied(reader.post("/rest/v1/nope", "{}"), "table nope");
        assertDenied(reader.post("/rest/v1/rpc/nope", "{}"), "function nope");
        assertDenied(reader.delete("/rest/v1/vantage_sync_state/accounts"), "schema public");
        assertRefused(reader.get("/rest/v1/nope"), 404, "PGRST205");
        assertRefused(reader.get("/rest/v1/rpc/nope"), 405, "PGRST101");
    }

    @ParameterizedTest
    @CsvSource({"POST, vantage_sync_state", "PATCH, vantage_sync_state", "POST, rpc/start_vantage_sync"})
    void refusesAReadersWriteBeforeItsBodyArrives(String method, String path) throws IOException {
        var address = URI.create(reader.base());
        try (var socket = new Socket(address.getHost(), address.getPort())) {
            socket.setSoTimeout(5_000);

            socket.getOutputStream()
                    .write("%s /rest/v1/%s HTTP/1.1\r\nHost: a\r\napikey: %s\r\nContent-Length: 9\r\n\r\n"
                            .formatted(method, path, READER_KEY)
                            .getBytes(StandardCharsets.US_ASCII));

            var answer = new BufferedReader(new InputStreamReader(socket.getInputStream(), StandardCharsets.UTF_8));
            assertThat(answer.readLine()).startsWith("HTTP/1.1 403");
        }
    }

    @Test
    void letsServicesWrite() {
        ApiClient token = bearer(TestJwt.of("service_role", JWT_SECRET));

        assertThat(token.post(STATES, "{\"resource\":\"mine\"}").status()).isEqualTo(201);
        assertThat(patch(token, "?resource=eq.mine", "{\"records_synced\":1}").status())
                .isEqualTo(204);
        assertThat(token.post(START, "{\"p_resource\":\"mine\"}").status()).isEqualTo(200);
        assertThat(token.delete(STATES + "?resource=eq.mine").status()).isEqualTo(204);
    }

    @Test
    void computesTheDurationOfAnEndingThatIsUpsertedOverAnotherWithoutIt() {
        String ending = """
                {"resource": "funds", "last_sync_status": "success", "last_sync_time": "2025-11-0%1$dT10:%2$d:00Z",
                 "started_at": "2025-11-0%1$dT10:00:00Z", "completed_at": "2025-11-0%1$dT10:%2$d:00Z"}
                """;
        ApiClient caller = service.with("Prefer", "resolution=merge-duplicates");

        caller.post(STATES, ending.formatted(5, 10));
        Response upserted = caller.post(STATES, ending.formatted(6, 20));

        assertThat(upserted.status()).isEqualTo(200);
        assertThat(reader.get("/sync-states/funds").json().get("duration_ms").asInt())
                .isEqualTo(20 * 60 * 1000);
    }

    @Test
    void undoesAWriteWhoseAnswerIsNotTheOneObjectRequested() {
        ApiClient one =
                service.with("Prefer", "return=representation").with("Accept", "application/vnd.pgrst.object+json");

        assertRefused(one.delete(STATES + "?resource=in.(accounts,funds)"), 406, "PGRST116");
        assertThat(reader.get(STATES).json()).hasSize(3);
        assertThat(one.delete(STATES + "?resource=eq.funds").text("resource")).isEqualTo("funds");
    }

    @Test
    void keepsAReportThatPostgresCouldNotStoreAsItIs() {
        service.post(START, "{\"p_resource\":\"accounts\"}");

        Response failed = service.post(
                "/rest/v1/rpc/fail_vantage_sync",
                "{\"p_resource\":\"accounts\",\"p_errors\":[{\"code\":\"A\\u0000B\",\"message\":\"\\ud800 1\",\"n\":1e400}]}");

        assertThat(failed.status()).isEqualTo(200);
        assertThat(failed.json().get("errors").get(0).get("code").asString()).isEqualTo("A\uFFFDB");
        assertThat(failed.json().get("errors").get(0).get("message").asString()).isEqualTo("\uFFFD 1");
    }

    @Test
    void followsColumnsAndParametersThatComeAndGoWhileItRuns() throws InterruptedException {
        assertThat(reader.get(STATES).status()).isEqualTo(200);
        database.execute("""
                alter table vantage_sync_state add column noted text;
                create function public.progress_vantage_sync(p_resource text, p_noted text)
                returns public.vantage_sync_state language sql volatile security invoker set search_path = ''
                as $$ update public.vantage_sync_state set noted = p_noted where resource = p_resource returning vantage_sync_state.* $$;
                grant execute on function public.progress_vantage_sync(text, text) to service_role;
                """);
        try {
            Thread.sleep(1_100); // an unknown name is looked up at most once a second

            assertThat(service.post(
                                    "/rest/v1/rpc/progress_vantage_sync",
                                    "{\"p_resource\":\"funds\",\"p_noted\":\"moving\"}")
                            .text("noted"))
                    .isEqualTo("moving");
            assertThat(reader.get(STATES + "?select=noted&resource=eq.funds").body())
                    .isEqualTo("[{\"noted\":\"moving\"}]");
        } finally {
            database.execute("""
                    drop function public.progress_vantage_sync(text, text);
                    alter table vantage_sync_state drop column noted;
                    """);
        }
        Thread.sleep(1_100);
        assertThat(reader.get(STATES).status()).isEqualTo(200);
        assertThat(reader.get(STATES + "?select=noted").text("code")).isEqualTo("42703");
    }

    @Test
    void answersPreflightsWithoutAKey() {
        for (String path : List.of(STATES, START, "/sync-states", "/sync-states/accounts/start")) {
            Response preflight = anonymous
                    .with("Origin", "https://app.example.com")
                    .with("Access-Control-Request-Method", "POST")
                    .with(
                            "Access-Control-Request-Headers",
                            "authorization,apikey,x-client-info,content-type,accept,accept-profile,content-profile,"
                                    + "prefer,x-retry-count")
                    .call("OPTIONS", path, BodyPublishers.noBody());

            assertThat(preflight.status()).as(path).isEqualTo(200);
            assertThat(preflight.header("Access-Control-Allow-Origin")).hasValue("*");
            assertThat(preflight.header("Access-Control-Allow-Headers").orElseThrow())
                    .contains("apikey", "x-client-info", "content-profile", "x-retry-count");
        }
    }

    @Test
    void showsItsAnswersAndErrorsToScriptsOfOtherPages() {
        Response page = reader.with("Origin", "https://app.example.com").get(STATES);
        Response refused = anonymous.with("Origin", "https://app.example.com").get(STATES);

        assertThat(page.header("Access-Control-Allow-Origin")).hasValue("*");
        assertThat(page.header("Access-Control-Expose-Headers").orElseThrow()).contains("Content-Range");
        assertThat(refused.header("Access-Control-Allow-Origin")).hasValue("*");
    }

    @Test
    void countsItsCallsWithThoseOfTheRestApi() {
        service.post(START, "{\"p_resource\":\"accounts\"}");
        service.post(START, "{\"p_resource\":\"accounts\"}");

        assertThat(reader.get("/actuator/prometheus").body().lines())
                .anyMatch(line -> line.startsWith("vantage_sync_calls_total{call=\"start\",outcome=\"applied\"}"))
                .anyMatch(line ->
                        line.startsWith("vantage_sync_calls_total{call=\"start\",outcome=\"sync-already-running\"}"));
    }

    @Test
    void distinguishesAnExhaustedPoolFromALostDatabase() throws SQLException {
        List<Connection> taken = new ArrayList<>();
        try {
            while (taken.size() < readers.getMaximumPoolSize()) {
                taken.add(readers.getConnection());
            }

            assertRefused(reader.get(STATES), 504, "PGRST003");
        } finally {
            for (Connection connection : taken) {
                connection.close();
            }
        }

        String name = database.name();
        try {
            database.server().superuser("postgres").execute("alter database " + name + " with allow_connections false");
            database.server()
                    .superuser("postgres")
                    .execute("select pg_terminate_backend(pid) from pg_stat_activity where datname = '" + name + "'");

            Response away = reader.get(STATES);
            assertRefused(away, 503, "PGRST001");
            assertThat(away.header("Retry-After")).hasValue("1");
            assertRefused(reader.get(STATES), 503, "PGRST001");
        } finally {
            database.server().superuser("postgres").execute("alter database " + name + " with allow_connections true");
        }
        org.awaitility.Awaitility.await().until(() -> reader.get(STATES).status() == 200);
    }

    private static Response patch(ApiClient caller, String query, String json) {
        return caller.with("Content-Type", "application/json")
                .call("PATCH", STATES + query, BodyPublishers.ofString(json));
    }

    private ApiClient bearer(String token) {
        return anonymous.with("Authorization", "Bearer " + token);
    }

    private static void assertDenied(Response answer, String what) {
        assertRefused(answer, 403, "42501");
        assertThat(answer.text("message")).isEqualTo("permission denied for " + what);
    }

    private static void assertRefused(Response answer, int status, String code) {
        assertThat(answer.status()).as(answer.toString()).isEqualTo(status);
        assertThat(answer.header("Content-Type").orElse("")).startsWith("application/json");
        assertThat(answer.header("Proxy-Status")).hasValue("PostgREST; error=" + code);
        JsonNode body = answer.json();
        assertThat(body.propertyNames()).containsExactly("code", "details", "hint", "message");
        assertThat(Map.of("code", body.get("code").asString())).containsEntry("code", code);
        assertThat(body.get("message").asString()).isNotBlank();
    }
}
