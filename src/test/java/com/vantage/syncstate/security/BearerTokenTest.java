package com.vantage.syncstate.security;

import static org.assertj.core.api.Assertions.assertThat;

import com.vantage.syncstate.support.ApiClient;
import com.vantage.syncstate.support.ApiTest;
import com.vantage.syncstate.support.TestJwt;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Which tokens the service takes, and from which header. */
class BearerTokenTest extends ApiTest {

    @Test
    void takesTheRolesOfSupabaseTokens() {
        ApiClient authenticated = anonymous.with("Authorization", "Bearer " + TestJwt.of("authenticated", JWT_SECRET));
        ApiClient anon = anonymous.key(TestJwt.of("anon", JWT_SECRET));
        ApiClient serviceRole = anonymous.with("Authorization", "bearer " + TestJwt.of("service_role", JWT_SECRET));

        assertThat(authenticated.get("/sync-states").status()).isEqualTo(200);
        assertThat(authenticated.post("/sync-states/accounts/start").status()).isEqualTo(403);
        assertThat(anon.get("/sync-states").status()).isEqualTo(200);
        assertThat(serviceRole.post("/sync-states/accounts/start").status()).isEqualTo(200);
    }

    @Test
    void refusesTokensThatNameNoAlgorithmOrAnother() {
        assertThat(List.of(
                        TestJwt.unsigned("service_role"),
                        TestJwt.of("service_role", JWT_SECRET) + "x",
                        "a.b.c",
                        "..",
                        "a".repeat(8_000)))
                .allSatisfy(token -> assertThat(anonymous
                                .with("Authorization", "Bearer " + token)
                                .get("/sync-states")
                                .status())
                        .isEqualTo(401));
    }

    @Test
    void prefersTheBearerToTheApikeyHeader() {
        assertThat(service.with("Authorization", "Bearer nope")
                        .get("/sync-states")
                        .status())
                .isEqualTo(401);
        assertThat(reader.with("Authorization", "Bearer " + SERVICE_KEY)
                        .post("/sync-states/accounts/start")
                        .status())
                .isEqualTo(200);
        assertThat(reader.with("Authorization", "Basic Zm9vOmJhcg==")
                        .get("/sync-states")
                        .status())
                .isEqualTo(200);
    }
}
