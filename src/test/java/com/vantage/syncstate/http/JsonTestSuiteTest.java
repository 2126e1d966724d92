package com.vantage.syncstate.http;

import static org.assertj.core.api.Assertions.assertThat;

import com.vantage.syncstate.support.ApiClient.Response;
import com.vantage.syncstate.support.Corpus;
import com.vantage.syncstate.support.Corpus.Document;
import com.vantage.syncstate.support.HostileTest;
import com.vantage.syncstate.support.Refusal;
import java.net.http.HttpRequest.BodyPublishers;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Every document that has made a JSON parser fail, as a body and within one. */
class JsonTestSuiteTest extends HostileTest {

    private static final List<Document> DOCUMENTS = Corpus.jsonDocuments();

    @ParameterizedTest
    @ValueSource(
            strings = {
                "PUT /sync-states/accounts",
                "POST /sync-states/accounts/start",
                "POST /sync-states/accounts/progress",
                "POST /sync-states/accounts/complete",
                "POST /sync-states/accounts/fail",
                "POST /rest/v1/rpc/start_vantage_sync",
                "POST /rest/v1/rpc/progress_vantage_sync",
                "POST /rest/v1/rpc/complete_vantage_sync",
                "POST /rest/v1/rpc/fail_vantage_sync",
                "POST /rest/v1/vantage_sync_state",
                "PATCH /rest/v1/vantage_sync_state?resource=eq.accounts",
            })
    void isAnsweredOrRefusedAsABody(String call) {
        String method = call.substring(0, call.indexOf(' '));
        String path = call.substring(method.length() + 1);
        String before = states();
        for (Document document : DOCUMENTS) {
            Response answer = service.with("Content-Type", "application/json")
                    .call(method, path, BodyPublishers.ofString(document.text()));

            assertThat(answer.status()).as("%s: %s", document, answer).isLessThan(500);
            if (answer.status() >= 400) {
                assertRefused(document, answer, path, before);
            } else {
                before = states();
            }
        }
        assertThat(logged()).isEmpty();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "/sync-states/accounts/fail         | {\"errors\": [{\"code\": \"A\", \"message\": \"b\", \"context\": %s}]}",
                "/rest/v1/rpc/fail_vantage_sync     | {\"p_resource\": \"accounts\", \"p_errors\": [{\"code\": \"A\", \"message\": \"b\", \"context\": %s}]}",
            })
    void isKeptAsTheContextOfAnErrorWhereItIsJson(String path, String report) {
        for (Document document : DOCUMENTS) {
            service.post("/sync-states/accounts/start", "{\"force\": true}");
            String before = states();
            Response answer = service.post(path, report.replace("%s", document.text()));

            if (document.isJson() || answer.status() < 400) {
                assertThat(answer.status()).as("%s: %s", document, answer).isEqualTo(200);
            } else {
                assertRefused(document, answer, path, before);
            }
        }
        assertThat(logged()).isEmpty();
    }

    private void assertRefused(Document document, Response answer, String path, String before) {
        Refusal.assertWellFormed(answer, path);
        assertThat(states()).as("%s: %s", document, answer).isEqualTo(before);
    }
}
