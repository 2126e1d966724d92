package com.vantage.syncstate.http;

import static org.assertj.core.api.Assertions.assertThat;

import com.vantage.syncstate.support.ApiClient;
import com.vantage.syncstate.support.ApiClient.Response;
import com.vantage.syncstate.support.ApiTest;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpRequest.BodyPublisher;
import java.net.http.HttpRequest.BodyPublishers;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.json.JsonMapper;

/** What is refused leaves no trace: each case here finds the states afterwards as it left them. */
class BadInputTest extends ApiTest {

    private static final String COMPLETE = "/sync-states/accounts/complete";
    private static final String FAIL = "/sync-states/accounts/fail";

    private String before;

    @BeforeEach
    void accountsRuns() {
        service.post("/sync-states/accounts/start");
        before = reader.get("/sync-states").body();
    }

    @AfterEach
    void theStatesAreUntouched() {
        assertThat(reader.get("/sync-states").body()).isEqualTo(before);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "{\"records_synced\": -1}           | #/records_synced",
                "{\"records_created\": -1}          | #/records_created",
                "{\"records_updated\": -2147483648} | #/records_updated",
                "{\"records_synced\": 1.5}          | #/records_synced",
                "{\"records_synced\": 1.0}          | #/records_synced",
                "{\"records_synced\": 1e2}          | #/records_synced",
                "{\"records_synced\": 2147483648}   | #/records_synced",
                "{\"records_synced\": 1e999999999}  | #/records_synced",
                "{\"records_synced\": \"1\"}        | #/records_synced",
                "{\"records_synced\": \"\"}         | #/records_synced",
                "{\"records_synced\": true}         | #/records_synced",
                "{\"records_synced\": [1]}          | #/records_synced",
                "{\"records_synced\": {}}           | #/records_synced",
                "{\"recordsSynced\": 1}             | #/recordsSynced",
                "{\"a/b~c\": 1}                     | #/a~1b~0c",
                "[]                                 | #",
                "3                                  | #",
                "\"text\"                           | #",
            })
    void refusesCountsThatAreNone(String body, String pointer) {
        Response refused = service.post(COMPLETE, body);

        assertInvalid(refused);
        assertThat(refused.json().get("errors").get(0).get("pointer").asString())
                .isEqualTo(pointer);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "{}                                                             | #/errors",
                "{\"errors\": null}                                             | #/errors",
                "{\"errors\": {\"code\": \"A\", \"message\": \"b\"}}            | #/errors",
                "{\"errors\": \"it broke\"}                                     | #/errors",
                "{\"errors\": [\"it broke\"]}                                   | #/errors/0",
                "{\"errors\": [null]}                                           | #/errors/0",
                "{\"errors\": [{\"message\": \"b\"}]}                           | #/errors/0/code",
                "{\"errors\": [{\"code\": \"A\"}]}                              | #/errors/0/message",
                "{\"errors\": [{\"code\": \" \", \"message\": \"b\"}]}          | #/errors/0/code",
                "{\"errors\": [{\"code\": 7, \"message\": \"b\"}]}              | #/errors/0/code",
                "{\"errors\": [{\"code\": \"A\", \"message\": null}]}           | #/errors/0/message",
                "{\"errors\": [{\"code\": \"A\", \"message\": \"b\", \"timestamp\": \"yesterday\"}]} | #/errors/0/timestamp",
                "{\"errors\": [{\"code\": \"A\", \"message\": \"b\"}, 5]}       | #/errors/1",
                "{\"errors\": [], \"why\": 1}                                   | #/why",
            })
    void refusesErrorsThatDoNotSayWhatWentWrong(String body, String pointer) {
        Response refused = service.post(FAIL, body);

        assertInvalid(refused);
        assertThat(refused.json().get("errors").get(0).get("pointer").asString())
                .isEqualTo(pointer);
    }

    @Test
    void namesEveryFieldErrorOfAReport() {
        Response refused =
                service.post(FAIL, "{\"errors\": [{}, {\"code\": \"A\", \"message\": \"b\"}, {\"code\": \"A\"}]}");

        assertThat(refused.json().get("errors"))
                .extracting(error -> error.get("pointer").asString())
                .containsExactly("#/errors/0/code", "#/errors/0/message", "#/errors/2/message");
    }

    @ParameterizedTest
    @ValueSource(strings = {" ", "{", "{]", "{\"records_synced\": 01}", "{} {}", "{'a': 1}", "nonsense"})
    void refusesBodiesThatAreNoJsonObject(String body) {
        assertInvalid(service.post(COMPLETE, body));
        assertInvalid(service.post(FAIL, body));
    }

    @Test
    void refusesKeysThatStartAndRegisterDoNotTake() {
        assertInvalid(service.post("/sync-states/funds/start", "{\"resource\": \"funds\"}"));
        assertInvalid(service.post("/sync-states/funds/start", "{\"force\": \"yes\"}"));
        assertInvalid(service.post("/sync-states/funds/start", "{\"force\": 1}"));
        assertInvalid(service.put("/sync-states/funds", "{\"last_sync_status\": \"success\"}"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"start", "complete", "fail"})
    void refusesQueryParametersOnCalls(String call) {
        assertInvalid(service.post("/sync-states/funds/" + call + "?force=true", "{}"));
    }

    @Test
    void refusesJsonThatIsNestedTooDeep() {
        assertInvalid(service.post(FAIL, "{\"errors\": " + "[".repeat(50_000) + "]".repeat(50_000) + "}"));
        assertInvalid(service.post(COMPLETE, "{\"x\":".repeat(50_000) + "1" + "}".repeat(50_000)));
    }

    @Test
    void refusesInvalidUtf8() {
        byte[] body =
                "{\"errors\": [{\"code\": \"A\", \"message\": \"\u00e9\"}]}".getBytes(StandardCharsets.ISO_8859_1);

        assertInvalid(
                service.with("Content-Type", "application/json").call("POST", FAIL, BodyPublishers.ofByteArray(body)));
    }

    @Test
    void refusesABodyOfTenMebibytesByItsLength() {
        assertTooLarge(BodyPublishers.ofString(
                "{\"errors\": [{\"code\": \"A\", \"message\": \"" + "m".repeat(10 << 20) + "\"}]}"));
    }

    @Test
    void refusesABodyOfTenMebibytesThatDoesNotSayItsLength() {
        byte[] body = ("{\"errors\": [{\"code\": \"A\", \"message\": \"" + "m".repeat(10 << 20) + "\"}]}")
                .getBytes(StandardCharsets.UTF_8);

        assertTooLarge(BodyPublishers.ofInputStream(() -> new ByteArrayInputStream(body)));
    }

    @ParameterizedTest
    @ValueSource(strings = {"application/x-www-form-urlencoded", "text/plain", "application/xml", "nonsense", ""})
    void refusesOtherMediaTypes(String type) {
        ApiClient caller = type.isEmpty() ? service : service.with("Content-Type", type);

        Response refused = caller.call("POST", COMPLETE, BodyPublishers.ofString("{}"));

        assertThat(refused.status()).isEqualTo(415);
        assertThat(refused.problem()).isEqualTo("unsupported-media-type");
    }

    @Test
    void refusesToAnswerInAnotherMediaType() {
        Response refused = reader.with("Accept", "text/html").get("/sync-states");

        assertThat(refused.status()).isEqualTo(406);
        assertThat(refused.problem()).isEqualTo("not-acceptable");
    }

    @Test
    void refusesMethodsThatAnAddressDoesNotTake() {
        Response refused = service.call("PATCH", "/sync-states/accounts", BodyPublishers.noBody());
        Response start = reader.get("/sync-states/accounts/start");

        assertThat(refused.status()).isEqualTo(405);
        assertThat(refused.problem()).isEqualTo("method-not-allowed");
        assertThat(refused.header("Allow").orElseThrow()).contains("GET", "PUT", "DELETE");
        assertThat(start.problem()).isEqualTo("method-not-allowed");
    }

    @Test
    void knowsNoOtherAddresses() {
        Response refused = reader.get("/sync-state");

        assertThat(refused.status()).isEqualTo(404);
        assertThat(refused.problem()).isEqualTo("not-found");
        assertThat(reader.get("/error").problem()).isEqualTo("not-found");
        assertThat(reader.get("/sync-states/").problem()).isEqualTo("not-found");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "a%20b",
                "a%2Fb",
                "a%5Cb",
                "%C3%A9t%C3%A9",
                "%F0%9F%98%80",
                "_a",
                "-a",
                "a;b",
                "a%00b",
                "a%0Ab",
                "%2e%2e",
                "a%25b",
                "%3Cscript%3E",
                "a'b",
                "a%22b",
                "..%2f..%2fetc",
                "%",
                "%zz",
                "%ff",
                "accounts%0D%0AX-Injected:%201"
            })
    void refusesNamesThatNoResourceCanHave(String name) throws IOException {
        List.of("GET /sync-states/" + name, "PUT /sync-states/" + name, "POST /sync-states/" + name + "/start")
                .forEach(this::assertRawRequestIsInvalid);
    }

    @ParameterizedTest
    @ValueSource(ints = {129, 10_000, 40_000})
    void refusesNamesThatAreTooLong(int length) {
        assertRawRequestIsInvalid("POST /sync-states/" + "a".repeat(length) + "/start");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "GET /sync-states/{accounts}",
                "GET /sync-states/a b",
                "GET /sync-states?status=<>",
                "GE(T /sync-states",
                "GET //sync-states",
                "GET /sync-states/../sync-states",
            })
    void refusesRequestLinesThatCannotBeParsed(String line) {
        assertRawRequestIsInvalid(line);
    }

    @Test
    void neverShowsWhatItIsMadeOf() {
        List<Response> refusals = List.of(
                service.post(COMPLETE, "{\"x\": 1}"),
                service.post(COMPLETE, "["),
                service.post(FAIL, "{\"errors\": [7]}"),
                service.post("/sync-states/funds/complete", "{}"),
                reader.get("/sync-states?sort=x"),
                reader.get("/nowhere"),
                anonymous.get("/sync-states"));

        assertThat(refusals)
                .allSatisfy(refusal -> assertThat(refusal.body())
                        .doesNotContainIgnoringCase("exception")
                        .doesNotContain(
                                "com.vantage", "org.spring", "java.", "tools.jackson", "select ", "insert ", "PL/pgSQL")
                        .contains("\"type\"", "\"title\"", "\"status\"", "\"detail\"", "\"instance\""));
    }

    private void assertTooLarge(BodyPublisher body) {
        Response refused = service.with("Content-Type", "application/json").call("POST", FAIL, body);

        assertThat(refused.status()).isEqualTo(413);
        assertThat(refused.problem()).isEqualTo("payload-too-large");
    }

    private static void assertInvalid(Response refused) {
        assertThat(refused.problem()).as(refused.toString()).isEqualTo("invalid-request");
        assertThat(refused.status()).isEqualTo(400);
        assertThat(refused.text("detail")).hasSizeGreaterThan(20).endsWith(".");
    }

    /** Sends what a client library would refuse to send. */
    private void assertRawRequestIsInvalid(String line) {
        URI base = URI.create(service.base());
        try (var socket = new Socket(base.getHost(), base.getPort())) {
            socket.setSoTimeout(10_000);
            socket.getOutputStream()
                    .write((line + " HTTP/1.1\r\nHost: localhost\r\napikey: " + SERVICE_KEY
                                    + "\r\nContent-Length: 0\r\nConnection: close\r\n\r\n")
                            .getBytes(StandardCharsets.ISO_8859_1));
            String answer = new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);

            assertThat(answer).startsWith("HTTP/1.1 400");
            assertThat(answer)
                    .contains("Content-Type: application/problem+json")
                    .doesNotContain("X-Injected: 1");
            String body = answer.substring(answer.indexOf("\r\n\r\n") + 4);
            assertThat(new JsonMapper().readTree(body).get("type").asString()).isEqualTo("/problems/invalid-request");
        } catch (IOException e) {
            throw new IllegalStateException(line.substring(0, Math.min(80, line.length())), e);
        }
    }
}
