package com.vantage.syncstate.http;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.vantage.syncstate.support.Corpus;
import com.vantage.syncstate.support.HostileTest;
import java.net.URLEncoder;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.json.JsonMapper;

/** Every string that has made a program fail, wherever a caller can put one. */
class NaughtyStringsTest extends HostileTest {

    private static final List<String> STRINGS = Corpus.naughtyStrings();
    private static final JsonMapper MAPPER = new JsonMapper();

    /** With %s for the string, as JSON. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "POST /sync-states/accounts/fail {\"errors\": [{\"code\": %s, \"message\": %s, \"stack\": %s}]}",
                "POST /sync-states/accounts/fail {\"errors\": [{\"code\": \"A\", \"message\": \"b\", \"timestamp\": %s}]}",
                "POST /sync-states/accounts/fail {\"errors\": [{\"code\": \"A\", \"message\": \"b\", \"context\": %s}]}",
                "POST /sync-states/accounts/fail {\"errors\": [{\"code\": \"A\", \"message\": \"b\", %s: {%s: %s}}]}",
                "POST /sync-states/accounts/fail {\"errors\": [], \"run_id\": %s}",
                "POST /sync-states/accounts/fail {\"errors\": %s}",
                "POST /sync-states/accounts/complete {\"records_synced\": %s}",
                "POST /sync-states/accounts/complete {\"watermark\": %s}",
                "POST /sync-states/accounts/complete {%s: 1}",
                "POST /sync-states/accounts/progress {\"records\": %s}",
                "POST /sync-states/accounts/start {\"force\": true, \"run_id\": %s}",
                "POST /sync-states/accounts/start {\"force\": %s}",
                "PUT /sync-states/accounts {\"stuck_after\": %s, \"stale_after\": %s}",
                "PUT /sync-states/accounts {%s: \"PT1H\"}",
                "POST /rest/v1/rpc/start_vantage_sync {\"p_resource\": %s}",
                "POST /rest/v1/rpc/start_vantage_sync {%s: %s}",
                "POST /rest/v1/rpc/fail_vantage_sync {\"p_resource\": \"accounts\", \"p_errors\": [{\"code\": %s, %s: %s}]}",
                "POST /rest/v1/vantage_sync_state {\"resource\": %s}",
                "POST /rest/v1/vantage_sync_state {%s: 1}",
                "PATCH /rest/v1/vantage_sync_state?resource=eq.accounts {\"errors\": [%s], \"last_sync_time\": %s}",
            })
    void areHandledInABody(String request) {
        int body = request.indexOf(" {");
        for (String text : STRINGS) {
            assertHandled(sendBody(
                    request.substring(0, body),
                    request.substring(body + 1).replace("%s", MAPPER.writeValueAsString(text)),
                    SERVICE,
                    JSON));
        }
    }

    /** With %s for the string, encoded. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "GET /%s",
                "GET /sync-states/%s",
                "PUT /sync-states/%s",
                "POST /sync-states/%s/start",
                "GET /sync-states/accounts/runs/%s",
                "GET /badges/%s/accounts.svg",
                "GET /badges/x/%s.json",
                "GET /actuator/health/%s",
                "GET /rest/v1/%s",
                "POST /rest/v1/rpc/%s",
                "GET /sync-states?status=%s",
                "GET /sync-states?alert=%s",
                "GET /sync-states?sort=%s",
                "GET /sync-states?limit=%s",
                "GET /sync-states?%s",
                "GET /sync-states/accounts/runs?cursor=%s",
                "GET /actuator/health?%s=%s",
                "GET /actuator/prometheus?includedNames=%s",
                "GET /rest/v1/vantage_sync_state?resource=eq.%s",
                "GET /rest/v1/vantage_sync_state?select=%s&order=%s",
                "GET /rest/v1/vantage_sync_state?%s=%s",
            })
    void areHandledInAnAddress(String call) {
        for (String text : STRINGS) {
            assertHandled(send(call.replace("%s", URLEncoder.encode(text, UTF_8).replace("+", "%20")), SERVICE));
        }
    }

    /** What is no address is refused before it is one of any API. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "GET /%s",
                "POST /sync-states/%s/start",
                "GET /sync-states?status=%s",
                "GET /actuator/health?%s",
                "GET /rest/v1/%s",
                "GET /rest/v1/vantage_sync_state?%s=eq.%s",
            })
    void areHandledInAnAddressAsTheyAre(String call) {
        for (String text : STRINGS) {
            assertHandled(send(call.replace("%s", inOneLine(text)), SERVICE));
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "Accept",
                "Accept-Encoding",
                "Accept-Language",
                "Accept-Profile",
                "Access-Control-Request-Method",
                "Authorization",
                "Authorization: Bearer",
                "Connection",
                "Content-Encoding",
                "Content-Profile",
                "Content-Type",
                "Cookie",
                "Expect",
                "Host",
                "If-Modified-Since",
                "If-None-Match",
                "Origin",
                "Prefer",
                "Range",
                "Transfer-Encoding",
                "Upgrade",
                "User-Agent",
                "X-Forwarded-For",
                "apikey",
            })
    void areHandledInAHeader(String header) {
        String name = header.contains(":") ? header : header + ":";
        for (String text : STRINGS) {
            String line = name + " " + inOneLine(text);
            assertHandled(send(
                    text.length() % 2 == 0 ? "GET /sync-states" : "GET /rest/v1/vantage_sync_state", SERVICE, line));
        }
    }

    private static String inOneLine(String text) {
        return text.replaceAll("[\\r\\n]", "");
    }
}
