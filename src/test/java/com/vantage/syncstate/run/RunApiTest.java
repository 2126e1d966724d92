package com.vantage.syncstate.run;

import static org.assertj.core.api.Assertions.assertThat;

import com.vantage.syncstate.support.ApiClient.Response;
import com.vantage.syncstate.support.ApiTest;
import java.util.UUID;

/** Starts and ends runs of accounts by their ids. */
abstract class RunApiTest extends ApiTest {

    static final String ACCOUNTS = "/sync-states/accounts";
    static final String ERRORS = "\"errors\": [{\"code\": \"TEST\", \"message\": \"Test error\"}]";

    final UUID run = UUID.randomUUID();
    final UUID other = UUID.randomUUID();

    final Response start(UUID id) {
        return service.post(ACCOUNTS + "/start", body(id));
    }

    final Response end(String call, UUID id) {
        return service.post(
                ACCOUNTS + "/" + call, call.equals("fail") ? "{" + ERRORS + ", \"run_id\": \"" + id + "\"}" : body(id));
    }

    static String body(UUID id) {
        return "{\"run_id\": \"" + id + "\"}";
    }

    static void assertRefused(Response refused, int status, String problem) {
        assertThat(refused.status()).as(refused.body()).isEqualTo(status);
        assertThat(refused.problem()).isEqualTo(problem);
    }
}
