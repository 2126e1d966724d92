package com.vantage.syncstate.http;

import static org.assertj.core.api.Assertions.assertThat;

import com.vantage.syncstate.support.HostileTest;
import com.vantage.syncstate.support.RawHttp.Answer;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Media types decide before a call is made, and never in the middle of it. */
class MediaTypeTest extends HostileTest {

    private static final List<String> CALLS = List.of(
            "POST /sync-states/new/start",
            "PUT /sync-states/new",
            "POST /sync-states/accounts/progress",
            "GET /sync-states",
            "GET /sync-states/accounts",
            "GET /sync-states/accounts/runs",
            "GET /sync-states/accounts/badge.json",
            "GET /alerts",
            "GET /badges",
            "GET /rest/v1/vantage_sync_state");

    private static final String REPORT = "{\"errors\":[{\"code\":\"A\",\"message\":\"secret=hunter2 at 50%\"}]}";

    @ParameterizedTest
    @ValueSource(
            strings = {
                "application/json;charset=iso-8859-1",
                "application/json; charset=utf-16",
                "application/json;charset=UTF-16BE",
                "application/json;charset=nope",
                "application/json ; CharSet = \"utf-8\" ; q=0.5",
                "*/*;charset=utf-32",
                "application/*;charset=us-ascii, text/css",
                ",",
                ", ,",
                "application/json,",
            })
    void areAnsweredInUtf8(String accept) {
        for (String call : CALLS) {
            Answer answer = send(call, SERVICE, "Accept: " + accept);

            assertThat(answer.status()).as("%s", answer).isBetween(200, 201);
            assertThat(answer.contentType()).isIn("application/json", "application/json;charset=utf-8");
            assertThat(answer.json().isContainer()).isTrue();
        }
        assertThat(logged()).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"text/*", "text/html", "text", "/", "application/json;q=2", "a/b/c"})
    void refuseBeforeTheCall(String accept) {
        assertRefused(send("POST /sync-states/new/start", SERVICE, "Accept: " + accept), 406);
    }

    @Test
    void refuseMoreThanAnyoneWouldList() {
        String accept = "Accept: " + "application/json,".repeat(50) + "application/json";

        assertRefused(send("POST /sync-states/new/start", SERVICE, accept), 406);
        assertRefused(send("GET /rest/v1/vantage_sync_state", READER, accept), 406);
    }

    @ParameterizedTest
    @ValueSource(strings = {"GET /sync-states", "GET /rest/v1/vantage_sync_state"})
    void refuseATypeThatOnlyAStreamWouldFit(String call) {
        assertRefused(send(call, READER, "Accept: text/*"), 406);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "*/*",
                "application/*",
                "*",
                "application",
                "/",
                "application/json, text/plain",
                "application/json;charset=nope",
                "multipart/form-data",
                "multipart/form-data; boundary=",
                "application/x-www-form-urlencoded",
            })
    void refuseABodyOfAnyOtherType(String type) {
        for (String call : List.of("PUT /sync-states/new", "POST /sync-states/accounts/fail")) {
            assertRefused(sendBody(call, REPORT, SERVICE, "Content-Type: " + type), 415);
        }
        assertRefused(sendBody("POST /rest/v1/rpc/fail_vantage_sync", REPORT, SERVICE, "Content-Type: " + type), 400);
    }

    @ParameterizedTest
    @ValueSource(strings = {"*/*", "application/*", "*", "", "nonsense", "multipart/form-data", "a/b; charset=nope"})
    void areNoMatterWhereThereIsNoBody(String type) {
        for (String call : List.of("GET /sync-states", "GET /alerts", "GET /rest/v1/vantage_sync_state")) {
            assertThat(send(call, READER, "Content-Type: " + type).status()).isEqualTo(200);
        }
        assertUntouched();
    }

    @ParameterizedTest
    @CsvSource({
        "GET /actuator/health, 200",
        "GET /, 200",
        "GET /v3/api-docs, 200",
        "POST /, 401",
        "POST /sync-states/accounts/start, 401",
        "PUT /sync-states/new, 401",
        "DELETE /sync-states/accounts, 401",
        "POST /rest/v1/vantage_sync_state, 401",
        "PATCH /rest/v1/vantage_sync_state, 401",
    })
    void ofAFormAreNotParsedForCallersWithoutAKey(String call, int status) {
        Answer answer = send(call, "Content-Type: multipart/form-data");

        assertThat(answer.status()).isEqualTo(status);
        assertUntouched();
    }
}
