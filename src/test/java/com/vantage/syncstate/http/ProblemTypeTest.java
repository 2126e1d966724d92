package com.vantage.syncstate.http;

import static org.assertj.core.api.Assertions.assertThat;

import com.vantage.syncstate.error.ProblemType;
import com.vantage.syncstate.support.ApiClient.Response;
import com.vantage.syncstate.support.ApiTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The address that a problem names as its type opens for anyone. */
class ProblemTypeTest extends ApiTest {

    private static final String BROWSER = "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8";

    @ParameterizedTest
    @EnumSource
    void isExplainedAsJson(ProblemType type) {
        Response answer = anonymous.get(type.uri());

        assertThat(answer.header("Content-Type")).hasValue("application/json");
        assertThat(answer.json().propertyNames()).containsExactly("type", "title", "status", "meaning", "remedy");
        assertThat(answer.text("type")).isEqualTo(type.uri());
        assertThat(answer.json().get("status").asInt()).isEqualTo(type.status());
        assertThat(answer.text("meaning")).isEqualTo(type.meaning()).endsWith(".");
        assertThat(answer.text("remedy")).isEqualTo(type.remedy()).endsWith(".");
    }

    @ParameterizedTest
    @EnumSource
    void isAPageToABrowser(ProblemType type) {
        Response page = anonymous.with("Accept", BROWSER).get(type.uri());

        assertThat(page.header("Content-Type").orElseThrow()).startsWith("text/html");
        assertThat(page.header("Content-Security-Policy").orElseThrow()).contains("default-src 'none'");
        assertThat(page.body())
                .contains("<h1>" + type.title() + "</h1>", type.uri(), "What it means", "What to do")
                .doesNotContain("<key>", "%");
    }

    @Test
    void opensForACallerWithAKeyAsWell() {
        assertThat(reader.get("/problems/forbidden").status()).isEqualTo(200);
    }

    @Test
    void isTheSameUntilTheServiceChanges() {
        String tag = anonymous.get("/problems/forbidden").header("ETag").orElseThrow();

        assertThat(anonymous
                        .with("If-None-Match", tag)
                        .get("/problems/forbidden")
                        .status())
                .isEqualTo(304);
    }

    @ParameterizedTest
    @ValueSource(strings = {"*/*", "application/json", BROWSER})
    void isNotFoundWhereThereIsNoSuchType(String accept) {
        Response refused = anonymous.with("Accept", accept).get("/problems/no-such-problem");

        assertThat(refused.status()).isEqualTo(404);
        assertThat(refused.problem()).isEqualTo("not-found");
    }

    @Test
    void isWhereAProblemPointsTo() {
        String type = reader.get("/sync-states/nope").text("type");

        assertThat(anonymous.get(type).text("title"))
                .isEqualTo(reader.get("/sync-states/nope").text("title"));
    }
}
