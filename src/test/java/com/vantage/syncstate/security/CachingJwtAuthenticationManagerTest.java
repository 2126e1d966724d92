package com.vantage.syncstate.security;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.springframework.security.core.Authentication;
import org.springframework.security.oauth2.jwt.Jwt;
import org.springframework.security.oauth2.server.resource.InvalidBearerTokenException;
import org.springframework.security.oauth2.server.resource.authentication.BearerTokenAuthenticationToken;
import org.springframework.security.oauth2.server.resource.authentication.JwtAuthenticationToken;

/** When a token is verified again. */
class CachingJwtAuthenticationManagerTest {

    private final Watch watch = new Watch();
    private final List<String> verified = new ArrayList<>();
    private final CachingJwtAuthenticationManager tokens = new CachingJwtAuthenticationManager(this::verify, watch);
    private Instant expiry = watch.now.plus(Duration.ofHours(1));

    @Test
    void verifiesATokenOnceInAMinute() {
        caller("one");
        watch.pass(Duration.ofSeconds(59));
        caller("one");
        assertThat(verified).containsExactly("one");

        watch.pass(Duration.ofSeconds(1));
        caller("one");
        assertThat(verified).containsExactly("one", "one");
    }

    @Test
    void keepsTokensApart() {
        assertThat(caller("one").getName()).isEqualTo("one");
        assertThat(caller("two").getName()).isEqualTo("two");
        assertThat(caller("one").getName()).isEqualTo("one");
        assertThat(verified).containsExactly("one", "two");
    }

    @Test
    void cachesNoTokenPastItsExpiry() {
        expiry = watch.now.plus(Duration.ofSeconds(10));
        caller("one");
        watch.pass(Duration.ofMillis(9_999));
        caller("one");
        assertThat(verified).containsExactly("one");

        watch.pass(Duration.ofMillis(1));
        caller("one");
        assertThat(verified).containsExactly("one", "one");
    }

    @Test
    void verifiesATokenThatHasExpiredEachTime() {
        expiry = watch.now.minus(Duration.ofSeconds(1));
        caller("one");
        caller("one");
        assertThat(verified).containsExactly("one", "one");
    }

    @Test
    void cachesNoRejection() {
        assertThatThrownBy(() -> caller("forged")).isInstanceOf(InvalidBearerTokenException.class);
        assertThatThrownBy(() -> caller("forged")).isInstanceOf(InvalidBearerTokenException.class);
        assertThat(verified).containsExactly("forged", "forged");
    }

    private Authentication caller(String token) {
        return tokens.authenticate(new BearerTokenAuthenticationToken(token));
    }

    private Authentication verify(Authentication credentials) {
        String token = ((BearerTokenAuthenticationToken) credentials).getToken();
        verified.add(token);
        if (token.equals("forged")) {
            throw new InvalidBearerTokenException("The signature is another's");
        }
        return new JwtAuthenticationToken(Jwt.withTokenValue(token)
                .header("alg", "HS256")
                .subject(token)
                .expiresAt(expiry)
                .build());
    }

    /** A clock that a test moves. */
    private static final class Watch extends Clock {

        private Instant now = Instant.parse("2026-11-22T05:30:00Z");

        void pass(Duration time) {
            now = now.plus(time);
        }

        @Override
        public Instant instant() {
            return now;
        }

        @Override
        public ZoneId getZone() {
            return ZoneOffset.UTC;
        }

        @Override
        public Clock withZone(ZoneId zone) {
            return this;
        }
    }
}
