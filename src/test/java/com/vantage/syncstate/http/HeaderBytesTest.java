package com.vantage.syncstate.http;

import static org.assertj.core.api.Assertions.assertThat;

import com.vantage.syncstate.support.HostileTest;
import com.vantage.syncstate.support.RawHttp.Answer;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A header may have any bytes; where they mean nothing, they do nothing. */
class HeaderBytesTest extends HostileTest {

    private static final List<String> CALLS = List.of(
            "GET /sync-states",
            "GET /rest/v1/vantage_sync_state",
            "POST /sync-states/accounts/progress",
            "POST /rest/v1/rpc/progress_vantage_sync",
            "OPTIONS /sync-states",
            "GET /",
            "GET /dashboard/main.js",
            "GET /actuator/health",
            "GET /actuator/prometheus",
            "GET /v3/api-docs");

    private static final List<String> VALUES =
            List.of("\u00DC hunter2", "\u0080", "\"\u0085\"", "W/\"\u009F\"", "bytes=\u00DC", "a/\u00DC; b=\"\u0090\"");

    /** Those that the service, the framework or the server reads. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "Accept",
                "Accept-Encoding",
                "Accept-Language",
                "Accept-Profile",
                "Access-Control-Request-Headers",
                "Access-Control-Request-Method",
                "Authorization",
                "Connection",
                "Content-Encoding",
                "Content-Length",
                "Content-Profile",
                "Content-Type",
                "Cookie",
                "DPoP",
                "Expect",
                "Forwarded",
                "Host",
                "If-Match",
                "If-Modified-Since",
                "If-None-Match",
                "If-Range",
                "If-Unmodified-Since",
                "Origin",
                "Prefer",
                "Range",
                "Referer",
                "Transfer-Encoding",
                "Upgrade",
                "User-Agent",
                "X-Forwarded-For",
                "X-Forwarded-Host",
                "X-Forwarded-Prefix",
                "X-Forwarded-Proto",
                "X-HTTP-Method-Override"
            })
    void areHandledInAnyHeader(String header) {
        for (String call : CALLS) {
            for (String value : VALUES) {
                assertHandled(send(call, SERVICE, header + ": " + value));
            }
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "If-None-Match",
                "If-Modified-Since",
                "Prefer",
                "Range",
                "Accept-Encoding",
                "Accept-Language",
                "Cookie",
                "User-Agent",
                "Referer"
            })
    void areIgnoredWhereTheHeaderIsAnOffer(String header) {
        for (String path : List.of("/sync-states", "/rest/v1/vantage_sync_state")) {
            Answer answer = send("GET " + path, READER, header + ": \u00DC");

            assertThat(answer.status()).as("%s", answer).isEqualTo(200);
        }
        assertUntouched();
    }

    @ParameterizedTest
    @ValueSource(strings = {"Authorization: Bearer \u00DC", "apikey: \u00DC", "Authorization: DPoP \u00DC"})
    void areNoKey(String credential) {
        assertRefused(send("GET /sync-states", credential), 401);
        assertRefused(send("GET /rest/v1/vantage_sync_state", credential), 401);
    }
}
