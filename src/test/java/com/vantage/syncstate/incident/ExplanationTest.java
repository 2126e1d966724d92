package com.vantage.syncstate.incident;

import static org.assertj.core.api.Assertions.assertThat;

import com.vantage.syncstate.support.ApiClient.Response;
import com.vantage.syncstate.support.ApiTest;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

/** Explanations by HTTP; their texts are proven in SQL. */
class ExplanationTest extends ApiTest {

    @Test
    void comesAsJsonAndInWords() {
        service.post("/sync-states/funds/start");
        service.post(
                "/sync-states/funds/fail", "{\"errors\": [{\"code\": \"API_TIMEOUT\", \"message\": \"No answer\"}]}");

        JsonNode json = reader.get("/sync-states/funds/explanation").json();
        Response words = reader.with("Accept", "text/plain").get("/sync-states/funds/explanation");

        assertThat(json.propertyNames())
                .containsExactly(
                        "resource",
                        "kinds",
                        "since",
                        "sentence",
                        "same_as_before",
                        "elsewhere",
                        "as_of",
                        "usual",
                        "timeline",
                        "blind",
                        "due",
                        "muted_until",
                        "acknowledged_by",
                        "next",
                        "text");
        assertThat(json.at("/kinds/0").asString()).isEqualTo("failed");
        assertThat(json.at("/timeline/1/what").asString()).isEqualTo("failed");
        assertThat(json.get("as_of").isNull()).isTrue();
        assertThat(words.header("Content-Type").orElseThrow()).startsWith("text/plain");
        assertThat(words.body())
                .isEqualTo(json.get("text").asString() + "\n")
                .contains("The latest run of funds failed with API_TIMEOUT \"No answer\".");
    }

    @Test
    void isNotFoundForAResourceThatIsNot() {
        Response unknown = reader.get("/sync-states/nobody/explanation");

        assertThat(unknown.status()).isEqualTo(404);
        assertThat(unknown.problem()).isEqualTo("sync-state-not-found");
        assertThat(reader.get("/sync-states/a%20b/explanation").status()).isEqualTo(400);
    }
}
