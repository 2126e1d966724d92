package com.vantage.syncstate.http;

import static org.assertj.core.api.Assertions.assertThat;

import com.vantage.syncstate.support.HostileTest;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** An address is percent-encoded UTF-8, or is refused before anything reads it. */
class QueryEncodingTest extends HostileTest {

    private static final List<String> ADDRESSES =
            List.of("/actuator/health", "/", "/v3/api-docs", "/sync-states", "/badges/x/accounts.svg");

    @ParameterizedTest
    @ValueSource(
            strings = {
                "%",
                "status=50%",
                "status=%zz",
                "status=%f",
                "%ff",
                "status=%ff",
                "status=%c0%af",
                "status=%ed%a0%80",
                "x%0a2026-11-29T00:00:00Z%20ERROR%20FORGED=1",
                "x=%0d%0aERROR%20FORGED=1",
                "x=%1b%5b31mFORGED",
                "%00=FORGED",
                "x=%7f",
                "x=%c2%85",
                "=",
                "=x",
                "x=1&=x",
            })
    void refusesQueriesThatAreNoText(String query) {
        for (String address : ADDRESSES) {
            assertRefused(send("GET " + address + "?" + query), 400);
            assertRefused(send("POST " + address + "?" + query), 400);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"%", "resource=eq.%", "resource=eq.%ff", "x%0aFORGED=1", "%00=eq.1", "%1b[31m=eq.1"})
    void leavesThoseOfPostgrestToIt(String query) {
        assertHandled(send("GET /rest/v1/vantage_sync_state?" + query, READER));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "%C1%A1ccounts",
                "%C0%AF",
                "%E0%80%AF",
                "%F0%80%80%AF",
                "%F4%90%80%80",
                "%ED%A0%80",
                "%80",
                "%C3",
            })
    void refusesPathsThatAreNoText(String segment) {
        assertRefused(send("GET /sync-states/" + segment, READER), 400);
        assertRefused(send("PUT /sync-states/" + segment, SERVICE), 400);
        assertRefused(send("GET /" + segment), 400);
        assertHandled(send("GET /rest/v1/" + segment, READER));
    }

    @ParameterizedTest
    @CsvSource({"/actuator/health, 200", "/sync-states, 400", "/rest/v1/vantage_sync_state, 400"})
    void countsThousandsOfParameters(String path, int status) {
        assertThat(send("GET " + path + "?" + "a=b&".repeat(3_000), READER).status())
                .isEqualTo(status);
        assertUntouched();
    }

    @Test
    void takesNamesWithoutValues() {
        for (String query : List.of("", "&", "&&", "x", "x=", "%3D", "%F0%9F%98%80", "%EF%BF%BF")) {
            assertThat(send("GET /actuator/health?" + query).status()).as(query).isEqualTo(200);
        }
        assertUntouched();
    }
}
