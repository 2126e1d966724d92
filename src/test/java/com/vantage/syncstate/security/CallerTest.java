package com.vantage.syncstate.security;

import static org.assertj.core.api.Assertions.assertThat;

import com.vantage.syncstate.support.ApiTest;
import com.vantage.syncstate.support.TestJwt;
import org.junit.jupiter.api.Test;

/** What a caller may do, by key and by token. */
class CallerTest extends ApiTest {

    @Test
    void isAReaderOrAServiceByKeyAndByToken() {
        assertThat(reader.get("/caller").body()).isEqualTo("{\"role\":\"reader\"}");
        assertThat(service.get("/caller").body()).isEqualTo("{\"role\":\"service\"}");
        assertThat(role("anon")).isEqualTo("reader");
        assertThat(role("authenticated")).isEqualTo("reader");
        assertThat(role("service_role")).isEqualTo("service");
    }

    @Test
    void isKeptByNobodyInBetween() {
        assertThat(reader.get("/caller").header("Cache-Control")).hasValue("no-store");
    }

    private String role(String claim) {
        return anonymous
                .with("Authorization", "Bearer " + TestJwt.of(claim, JWT_SECRET))
                .get("/caller")
                .text("role");
    }
}
