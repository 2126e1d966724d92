package com.vantage.syncstate.http;

import static org.assertj.core.api.Assertions.assertThat;

import com.vantage.syncstate.support.HostileTest;
import com.vantage.syncstate.support.RawHttp.Answer;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What the server rejects before the service sees it is the caller's doing, and is answered in the form of the API. */
class ServerRefusalTest extends HostileTest {

    private static final List<String> PATHS = List.of(
            "/sync-states",
            "/sync-states?limit=5",
            "/rest/v1/vantage_sync_state",
            "/rest/v1/vantage_sync_state?%",
            "/actuator/health",
            "/",
            "/nowhere");

    @ParameterizedTest
    @ValueSource(
            strings = {
                "Transfer-Encoding: gzip",
                "Transfer-Encoding: gzip, chunked",
                "Transfer-Encoding: chunked, gzip",
                "Transfer-Encoding: nonsense",
                "Content-Length: x",
                "Content-Length: -1",
                "Content-Length: 99999999999999999999",
                "Content-Length: 1\r\nContent-Length: 2",
                "Host: elsewhere",
                "Expect: nonsense",
                "no colon",
                "na me: value",
                ": no name",
                "X: a\0b",
                "X: \u001b[31m",
            })
    void refusesHeadersThatNobodyCanRead(String header) {
        for (String path : PATHS) {
            assertRefused(send("POST " + path, SERVICE, header), 400);
        }
    }

    @Test
    void refusesHeadersThatAreTooLong() {
        for (String path : PATHS) {
            assertRefused(send("POST " + path, SERVICE, "X: " + "x".repeat(40_000)), 400);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"HTTP/1.2", "HTTP/2.0", "HTTP/9.9", "HTTP/1", "HTTP/1.1x", "HTTP/x"})
    void refusesOtherVersions(String version) {
        for (String path : PATHS) {
            assertRefused(send("GET " + path + " " + version, READER), 400);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"CONNECT", "TRACE", "PROPFIND", "GETT", "get", "BREW", "SUBSCRIBE"})
    void refusesMethodsThatNothingHas(String method) {
        for (String path : PATHS) {
            Answer anonymous = send(method + " " + path);

            assertRefused(anonymous, 405);
            assertRefused(send(method + " " + path, SERVICE), 405);
            assertThat(anonymous.headers()).containsKey("allow");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"CONNECT localhost:80", "GET http://", "GET http://[", "GET *", "GET sync-states", "GET ?"})
    void refusesAddressesThatAreNone(String line) {
        Answer answer = send(line, SERVICE);

        assertThat(answer.status()).as("%s", answer).isBetween(400, 405);
        assertHandled(answer);
        assertUntouched();
    }

    @ParameterizedTest
    @ValueSource(strings = {"POST /sync-states/accounts/fail", "POST /rest/v1/rpc/fail_vantage_sync"})
    void refusesBodiesThatAreCutWrong(String call) {
        for (String body : List.of("zz\r\n{}\r\n0\r\n\r\n", "2;\r\n{}x\r\n0\r\n\r\n", "ffffffffffffffff\r\n{}")) {
            assertRefused(sendBody(call, body, SERVICE, JSON, "Transfer-Encoding: chunked"), 400);
        }
    }

    @Test
    void namesTheMethodsOfAnAddressThatHasOthers() {
        Answer answer = send("PATCH /sync-states/accounts", SERVICE);

        assertRefused(answer, 405);
        assertThat(answer.headers().get("allow"))
                .contains("GET", "PUT", "DELETE")
                .doesNotContain("PATCH");
    }
}
