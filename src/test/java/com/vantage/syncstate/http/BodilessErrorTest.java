package com.vantage.syncstate.http;

import static org.assertj.core.api.Assertions.assertThat;

import com.vantage.syncstate.support.HostileTest;
import com.vantage.syncstate.support.RawHttp.Answer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Errors for which the framework has no body, or a plain one, are problems as well. */
class BodilessErrorTest extends HostileTest {

    @ParameterizedTest
    @CsvSource({
        "GET /actuator/health/nope, */*, 404",
        "GET /actuator/health/readiness/nope, */*, 404",
        "GET /actuator/nope, */*, 404",
        "GET /, text/css, 406",
        "POST /, */*, 405",
        "POST /actuator/health, */*, 405",
        "GET /dashboard/nope.js, */*, 404",
        "GET /dashboard/, */*, 404",
        "GET /v3/api-docs/nope, */*, 404",
        "GET /swagger-ui/nope, */*, 404",
        "GET /webjars/chart.js/nope, */*, 404",
        "GET /error, */*, 404",
        "GET /.well-known/nope, */*, 404",
    })
    void areProblems(String call, String accept, int status) {
        assertRefused(send(call, SERVICE, "Accept: " + accept), status);
    }

    @ParameterizedTest
    @ValueSource(strings = {"/sync-states", "/rest/v1/vantage_sync_state"})
    void answerScriptsWhoseOriginIsNone(String path) {
        for (String origin : new String[] {"\u00DC", "http://[", "%", "http://a:b:c", "x\u0085", "://"}) {
            assertHandled(send("GET " + path, READER, "Origin: " + origin));
            assertHandled(send("OPTIONS " + path, "Origin: " + origin, "Access-Control-Request-Method: \u00DC"));
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"/sync-states", "/rest/v1/vantage_sync_state"})
    void refusePreflightsForMethodsThatNothingHas(String path) {
        assertRefused(send("OPTIONS " + path, "Origin: http://a", "Access-Control-Request-Method: BREW"), 403);
    }

    @ParameterizedTest
    @ValueSource(strings = {"WEB-INF/x", "META-INF.svg", "url:x", "x.png", "x/../y", "accounts.svg"})
    void doNotLogTheAddressOfABadge(String rest) {
        Answer answer = send("GET /badges/s3cret-c0de-of-a-badge/" + rest);

        assertThat(answer.status()).isBetween(400, 404);
        assertHandled(answer);
    }

    @Test
    void doNotLogACookie() {
        send("GET /sync-states", READER, "Cookie: session=\"hunter2; \u0001={}; $Version=9");
        send("GET /sync-states", READER, "Cookie: =hunter2;;\u00DC=\"");

        assertUntouched();
    }
}
