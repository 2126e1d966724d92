package com.vantage.syncstate.security;

import static org.assertj.core.api.Assertions.assertThat;

import com.vantage.syncstate.support.ApiClient;
import com.vantage.syncstate.support.ApiClient.Response;
import com.vantage.syncstate.support.ApiTest;
import java.net.http.HttpRequest.BodyPublishers;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.test.context.TestPropertySource;

/** Pages of configured origins alone may call, where origins are configured. */
@TestPropertySource(properties = "vantage.cors.allowed-origins=https://app.example.com, http://localhost:3000")
class CrossOriginTest extends ApiTest {

    @ParameterizedTest
    @ValueSource(strings = {"/sync-states", "/rest/v1/vantage_sync_state"})
    void letsPagesOfConfiguredOriginsCall(String path) {
        Response preflight = preflight(path, "http://localhost:3000");
        Response read = reader.with("Origin", "https://app.example.com").get(path);

        assertThat(preflight.status()).isEqualTo(200);
        assertThat(preflight.header("Access-Control-Allow-Origin")).hasValue("http://localhost:3000");
        assertThat(preflight.header("Access-Control-Allow-Credentials")).isEmpty();
        assertThat(read.status()).isEqualTo(200);
        assertThat(read.header("Access-Control-Allow-Origin")).hasValue("https://app.example.com");
    }

    @ParameterizedTest
    @ValueSource(strings = {"/sync-states", "/rest/v1/vantage_sync_state"})
    void refusesPagesOfOthers(String path) {
        Response preflight = preflight(path, "https://elsewhere.example.com");

        assertThat(preflight.status()).isEqualTo(403);
        assertThat(preflight.header("Access-Control-Allow-Origin")).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"/sync-states", "/rest/v1/vantage_sync_state"})
    void isOfNoConcernToCallersThatAreNoPages(String path) {
        assertThat(reader.get(path).status()).isEqualTo(200);
    }

    private Response preflight(String path, String origin) {
        ApiClient page = anonymous
                .with("Origin", origin)
                .with("Access-Control-Request-Method", "GET")
                .with("Access-Control-Request-Headers", "apikey");
        return page.call("OPTIONS", path, BodyPublishers.noBody());
    }
}
