package com.vantage.syncstate.security;

import static org.assertj.core.api.Assertions.assertThat;

import com.vantage.syncstate.support.ApiClient;
import com.vantage.syncstate.support.ApiClient.Response;
import com.vantage.syncstate.support.ApiTest;
import com.vantage.syncstate.support.TestJwt;
import java.util.UUID;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.springframework.test.context.TestPropertySource;

/** A caller who sends more than they may is refused and learns when to go on, and nobody else notices. */
@TestPropertySource(properties = {"vantage.rate-limit.requests=5", "vantage.rate-limit.period=24h"})
class TooManyRequestsTest extends ApiTest {

    private final String subject = UUID.randomUUID().toString();

    @Test
    void areRefusedAndSayWhenToGoOn() {
        ApiClient eager = exhausted("service_role");

        Response refused = eager.post("/sync-states/accounts/start");

        assertThat(refused.status()).isEqualTo(429);
        assertThat(refused.problem()).isEqualTo("too-many-requests");
        assertThat(Long.parseLong(refused.header("Retry-After").orElseThrow())).isBetween(1L, 86_400L / 5);
        assertThat(refused.text("detail")).contains("vantage.rate-limit.requests", "nothing was done");
        assertThat(stateOfAccounts()).isEqualTo("never_run");
    }

    @Test
    void areRefusedInTheFormOfPostgrest() {
        Response refused =
                exhausted("service_role").post("/rest/v1/rpc/start_vantage_sync", "{\"p_resource\": \"accounts\"}");

        assertThat(refused.status()).isEqualTo(429);
        assertThat(refused.json().propertyNames()).containsExactlyInAnyOrder("code", "details", "hint", "message");
        assertThat(refused.text("code")).isEqualTo("PGRSTX03");
        assertThat(refused.header("Retry-After")).isPresent();
        assertThat(stateOfAccounts()).isEqualTo("never_run");
    }

    @Test
    void countWhateverTheirAnswer() {
        ApiClient caller = caller("authenticated");
        caller.post("/sync-states/accounts/start");
        caller.get("/nothing-here");
        caller.get("/sync-states?limit=none");
        caller.get("/rest/v1/nothing");
        caller.with("Accept", "text/css").get("/sync-states");

        assertThat(caller.get("/sync-states").status()).isEqualTo(429);
    }

    /** Else a caller who has tokens made, one a request, would have no limit. */
    @Test
    void countTogetherWhateverTheToken() {
        exhausted("authenticated");

        assertThat(caller("authenticated").get("/sync-states").status()).isEqualTo(429);
    }

    @Test
    void areNobodyElsesConcern() {
        exhausted("authenticated");
        ApiClient other = anonymous.key(TestJwt.ofSubject(UUID.randomUUID().toString(), "authenticated", JWT_SECRET));

        assertThat(other.get("/sync-states").status()).isEqualTo(200);
    }

    /** Probes need no key, so that one may be sent with any. */
    @Test
    void leaveWhatIsOpenToAnyone() {
        ApiClient eager = exhausted("authenticated");

        assertThat(eager.get("/actuator/health/liveness").status()).isEqualTo(200);
        assertThat(eager.get("/problems/too-many-requests").status()).isEqualTo(200);
    }

    private ApiClient exhausted(String role) {
        ApiClient caller = caller(role);
        IntStream.range(0, 5)
                .forEach(i -> assertThat(caller.get("/sync-states").status()).isEqualTo(200));
        return caller;
    }

    /** With another token each time, of one subject. */
    private ApiClient caller(String role) {
        return anonymous.key(TestJwt.ofSubject(subject, role, JWT_SECRET));
    }

    private String stateOfAccounts() {
        return database.query("select last_sync_status from public.vantage_sync_state where resource = 'accounts'");
    }
}
