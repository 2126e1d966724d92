package com.vantage.syncstate.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.vantage.syncstate.http.Share.Claim;
import com.vantage.syncstate.support.ApiClient.Response;
import com.vantage.syncstate.support.ApiTest;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;

/** Those who read large answers slowly take so much of the service, and no more. */
class AnswerBudgetTest extends ApiTest {

    private static final int MEBIBYTE = 1 << 20;

    @Autowired
    private AnswerBudget budget;

    private final List<Claim> claims = new ArrayList<>();

    @BeforeEach
    void aLargeReport() {
        service.post("/sync-states/accounts/start");
        service.post(
                "/sync-states/accounts/fail",
                "{\"errors\": [{\"code\": \"A\", \"message\": \"%s\"}]}".formatted("x".repeat(100_000)));
    }

    @AfterEach
    void giveBack() {
        claims.forEach(Claim::close);
    }

    @Test
    void sendsOthersAwayUntilSomethingIsGivenBack() {
        exhaust(true);

        Response refused = reader.get("/sync-states/accounts");
        assertThat(refused.problem()).isEqualTo("overloaded");
        assertThat(refused.header("Retry-After")).isPresent();
        assertThat(refused.header("ETag")).isEmpty();

        claims.remove(0).close();
        assertThat(reader.get("/sync-states/accounts").status()).isEqualTo(200);
    }

    @Test
    void answersAWriteInAnyCase() {
        exhaust(true);

        String large = "{\"errors\": [{\"code\": \"A\", \"message\": \"%s\"}]}".formatted("x".repeat(100_000));
        service.post("/sync-states/accounts/start");

        assertThat(service.post("/sync-states/accounts/fail", large).status()).isEqualTo(200);
    }

    @Test
    void saysSoInTheFormOfPostgrest() {
        exhaust(true);

        Response refused = reader.get("/rest/v1/vantage_sync_state?select=errors&resource=eq.accounts");

        assertThat(refused.status()).isEqualTo(503);
        assertThat(refused.text("code")).isEqualTo("PGRSTX02");
        assertThat(refused.header("Retry-After")).isPresent();
    }

    @Test
    void leavesSmallAnswersAlone() {
        exhaust(true);

        assertThat(reader.get("/sync-states/funds").status()).isEqualTo(200);
        assertThat(service.post("/sync-states/funds/start").status()).isEqualTo(200);
        assertThat(anonymous.get("/actuator/health/readiness").status()).isIn(200, 503);
    }

    @Test
    void letsThoseWithoutAKeyTakeNothingFromTheOthers() {
        exhaust(false);

        assertThat(anonymous.get("/v3/api-docs").problem()).isEqualTo("overloaded");
        assertThat(anonymous.get("/actuator/health/liveness").status()).isEqualTo(200);
        assertThat(reader.get("/sync-states/accounts").status()).isEqualTo(200);
    }

    @Test
    void takesAQuarterOfTheHeap() {
        var small = new AnswerBudget(64L * MEBIBYTE);

        Claim first = small.claim(true, 8 * MEBIBYTE);
        small.claim(true, 8 * MEBIBYTE);
        assertThatThrownBy(() -> small.claim(true, MEBIBYTE)).isInstanceOf(Overloaded.class);

        first.close();
        small.claim(true, MEBIBYTE);
    }

    private void exhaust(boolean hasKey) {
        try {
            while (true) {
                claims.add(budget.claim(hasKey, 1));
            }
        } catch (Overloaded full) {
            assertThat(claims).isNotEmpty();
        }
    }
}
