package com.vantage.syncstate.support;

import static org.assertj.core.api.Assertions.assertThat;

import com.vantage.syncstate.error.ProblemType;
import com.vantage.syncstate.support.ApiClient.Response;
import com.vantage.syncstate.support.RawHttp.Answer;
import java.util.Optional;
import java.util.function.Supplier;
import tools.jackson.databind.JsonNode;

/** What every refusal is, whatever was sent: the caller's doing, and in the form of the API that was called. */
public final class Refusal {

    private static final String ADDRESS = "/[!-~&&[^#\"<>\\\\^`{|}]]*";

    private Refusal() {}

    public static void assertWellFormed(Response refused, String path) {
        assertWellFormed(refused.status(), refused.header("Content-Type").orElse(""), refused::json, path, refused);
    }

    public static void assertWellFormed(Answer refused) {
        String path = refused.line().substring(refused.line().indexOf(' ') + 1);
        assertWellFormed(refused.status(), refused.contentType(), refused::json, path, refused);
    }

    private static void assertWellFormed(
            int status, String contentType, Supplier<JsonNode> body, String path, Object answer) {
        assertThat(status).as("%s", answer).isBetween(400, 499);
        if (!path.matches(ADDRESS)
                && contentType.startsWith("application/problem+json")
                && !body.get().has("instance")) {
            // Of an address that cannot be parsed the server knows nothing, so neither the API nor the instance.
            assertThat(body.get().get("type").asString()).as("%s", answer).isEqualTo("/problems/invalid-request");
            return;
        }
        if (path.equals("/rest/v1") || path.startsWith("/rest/v1/")) {
            assertThat(contentType).as("%s", answer).startsWith("application/json");
            assertThat(body.get().propertyNames())
                    .as("%s", answer)
                    .containsExactlyInAnyOrder("code", "details", "hint", "message");
            assertThat(body.get().get("message").asString()).as("%s", answer).isNotBlank();
            return;
        }
        assertThat(contentType).as("%s", answer).startsWith("application/problem+json");
        JsonNode problem = body.get();
        Optional<ProblemType> type =
                ProblemType.ofSlug(problem.get("type").asString().replace("/problems/", ""));
        assertThat(type).as("%s", answer).isPresent();
        assertThat(problem.get("status").asInt()).as("%s", answer).isEqualTo(status);
        assertThat(problem.get("title").asString())
                .as("%s", answer)
                .isEqualTo(type.orElseThrow().title());
        assertThat(problem.get("detail").asString()).as("%s", answer).isNotBlank();
        assertThat(problem.has("instance")).as("%s", answer).isTrue();
    }
}
