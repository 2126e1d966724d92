package com.vantage.syncstate.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.vantage.syncstate.http.Share.Claim;
import com.vantage.syncstate.support.ApiClient.Response;
import com.vantage.syncstate.support.ApiTest;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;

/** Large bodies wait their turn, so that no number of them at once ends the service. */
class BodyBudgetTest extends ApiTest {

    private static final long MEBIBYTE = 1 << 20;
    private static final String LARGE =
            "[{\"code\": \"A\", \"message\": \"%s\"}]".formatted("x".repeat(2 * BodyBudget.LARGE));

    @Autowired
    private BodyBudget budget;

    private final List<Claim> claims = new ArrayList<>();

    @AfterEach
    void giveBack() {
        claims.forEach(Claim::close);
    }

    @Test
    void refusesALargeOneWhereItsTurnDoesNotCome() {
        service.post("/sync-states/accounts/start");
        takeAllThatIsHandled();

        Response refused = service.post("/sync-states/accounts/fail", "{\"errors\": " + LARGE + "}");

        assertThat(refused.problem()).isEqualTo("overloaded");
        assertThat(refused.header("Retry-After")).isPresent();
        assertThat(refused.text("detail")).contains("nothing was done");
        assertThat(reader.get("/sync-states/accounts").text("last_sync_status")).isEqualTo("running");
    }

    @Test
    void refusesItInTheFormOfPostgrest() {
        takeAllThatIsHandled();

        Response refused = service.post(
                "/rest/v1/rpc/fail_vantage_sync", "{\"p_resource\": \"accounts\", \"p_errors\": " + LARGE + "}");

        assertThat(refused.status()).isEqualTo(503);
        assertThat(refused.text("code")).isEqualTo("PGRSTX02");
        assertThat(refused.header("Retry-After")).isPresent();
    }

    @Test
    void leavesSmallOnesAlone() {
        takeAllThatIsHandled();
        takeAllThatArrives();

        assertThat(service.post("/sync-states/accounts/start", "{\"force\": true}")
                        .status())
                .isEqualTo(200);
        assertThat(service.post("/rest/v1/rpc/start_vantage_sync", "{\"p_resource\": \"funds\"}")
                        .status())
                .isEqualTo(200);
    }

    @Test
    void refusesOneThatArrivesSlowlyWhereTooManyDo() {
        takeAllThatArrives();

        assertThat(service.post("/sync-states/accounts/fail", "{\"errors\": " + LARGE + "}")
                        .problem())
                .isEqualTo("overloaded");
    }

    @Test
    void givesBackWhatAnAnsweredOneHeld() {
        for (int i = 0; i < 200; i++) {
            service.post("/sync-states/accounts/fail", "{\"errors\": " + LARGE);
            service.post("/sync-states/accounts/fail", "{\"errors\": " + LARGE + "}");
        }
        service.post("/sync-states/accounts/start");

        assertThat(service.post("/sync-states/accounts/fail", "{\"errors\": " + LARGE + "}")
                        .status())
                .isEqualTo(200);
    }

    @Test
    void letsThemWaitForOneAnother() throws Exception {
        var patient = new BodyBudget(64 * MEBIBYTE, MEBIBYTE, Duration.ofMinutes(1));
        Claim first = patient.handled(MEBIBYTE);
        var second = CompletableFuture.supplyAsync(() -> patient.handled(MEBIBYTE));

        assertThat(second).isNotDone();
        first.close();
        second.get(30, TimeUnit.SECONDS).close();
    }

    /** However small the heap. */
    @Test
    void hasRoomForOneOfTheLargest() {
        var small = new BodyBudget(MEBIBYTE, 50 * MEBIBYTE, Duration.ZERO);

        Claim one = small.handled(50 * MEBIBYTE);
        assertThatThrownBy(() -> small.handled(BodyBudget.LARGE)).isInstanceOf(Overloaded.class);
        one.close();
    }

    private void takeAllThatIsHandled() {
        claims.add(budget.handled(Long.MAX_VALUE));
    }

    private void takeAllThatArrives() {
        claims.add(budget.arriving(Long.MAX_VALUE));
    }
}
