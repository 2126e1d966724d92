package com.vantage.syncstate.security;

import static org.assertj.core.api.Assertions.assertThat;

import com.vantage.syncstate.support.ApiClient.Response;
import com.vantage.syncstate.support.ApiTest;
import java.net.http.HttpRequest.BodyPublishers;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What the page forbids a browser, by GET and by HEAD. */
class PageHeadersTest extends ApiTest {

    /** They differ from one answer to the next, or belong to the body. */
    private static final Set<String> OF_THE_ANSWER = Set.of("date", "transfer-encoding", "content-length");

    @ParameterizedTest
    @ValueSource(
            strings = {
                "/",
                "/index.html",
                "/dashboard/main.js",
                "/dashboard/dashboard.css",
                "/dashboard/icon.svg",
                "/webjars/chart.js/dist/chart.umd.js",
                "/problems/forbidden"
            })
    void areTheSameWithTheBodyAndWithout(String path) {
        Response whole = anonymous.get(path);
        Response head = anonymous.call("HEAD", path, BodyPublishers.noBody());

        assertThat(whole.status()).isEqualTo(200);
        assertThat(whole.header("Content-Security-Policy").orElseThrow()).contains("default-src 'none'");
        assertThat(whole.header("X-Content-Type-Options")).hasValue("nosniff");
        assertThat(whole.header("X-Frame-Options")).hasValue("DENY");
        assertThat(head.status()).isEqualTo(200);
        assertThat(headers(head)).isEqualTo(headers(whole));
    }

    @Test
    void areSentAgainWhereThePageHasNotChanged() {
        String changed = anonymous.get("/").header("Last-Modified").orElseThrow();

        Response unchanged = anonymous.with("If-Modified-Since", changed).get("/");

        assertThat(unchanged.status()).isEqualTo(304);
        assertThat(unchanged.header("Content-Security-Policy").orElseThrow()).contains("default-src 'none'");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "/sync-states",
                "/sync-states/accounts/badge.svg",
                "/nothing-here",
                "/rest/v1/vantage_sync_state",
                "/actuator/health",
                "/v3/api-docs"
            })
    void forbidAnswersOfTheApiToBeMoreThanData(String path) {
        assertThat(List.of(reader.get(path), anonymous.get(path))).allSatisfy(answer -> {
            assertThat(answer.header("Content-Security-Policy").orElseThrow())
                    .contains("default-src 'none'", "base-uri 'none'", "frame-ancestors 'none'");
            assertThat(answer.header("X-Content-Type-Options")).hasValue("nosniff");
            assertThat(answer.header("Referrer-Policy")).hasValue("no-referrer");
        });
    }

    @Test
    void letThePageOfTheDocumentLoadWhatIsItsOwn() {
        assertThat(anonymous
                        .get("/swagger-ui/index.html")
                        .header("Content-Security-Policy")
                        .orElseThrow())
                .contains("default-src 'self'", "object-src 'none'", "frame-ancestors 'none'");
    }

    private static Map<String, List<String>> headers(Response answer) {
        var headers = new TreeMap<>(answer.response().headers().map());
        headers.keySet().removeAll(OF_THE_ANSWER);
        return headers;
    }
}
