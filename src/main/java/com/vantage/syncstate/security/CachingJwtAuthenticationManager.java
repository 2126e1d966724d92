package com.vantage.syncstate.security;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import com.github.benmanes.caffeine.cache.Expiry;
import java.nio.ByteBuffer;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import org.springframework.security.authentication.AuthenticationManager;
import org.springframework.security.core.Authentication;
import org.springframework.security.oauth2.server.resource.authentication.BearerTokenAuthenticationToken;
import org.springframework.security.oauth2.server.resource.authentication.JwtAuthenticationToken;

/**
 * Verifies a token once a minute rather than with each request: a signature costs more than the read that it guards.
 *
 * <p>Rejected tokens are not cached, and no token is for longer than a minute, so that a key that its issuer withdraws
 * is noticed.
 */
final class CachingJwtAuthenticationManager implements AuthenticationManager {

    private static final Duration MAX_AGE = Duration.ofMinutes(1);
    private static final int MAX_ENTRIES = 10_000;

    private final AuthenticationManager verifier;
    private final Clock clock;

    /** By the digest of the token. */
    private final Cache<ByteBuffer, Authentication> verified;

    CachingJwtAuthenticationManager(AuthenticationManager verifier, Clock clock) {
        this.verifier = verifier;
        this.clock = clock;
        this.verified = Caffeine.newBuilder()
                .maximumSize(MAX_ENTRIES)
                .ticker(() -> Duration.between(Instant.EPOCH, clock.instant()).toNanos())
                .expireAfter(Expiry.<ByteBuffer, Authentication>creating((digest, caller) -> timeToLive(caller)))
                .build();
    }

    @Override
    public Authentication authenticate(Authentication credentials) {
        String token = ((BearerTokenAuthenticationToken) credentials).getToken();
        var digest = ByteBuffer.wrap(Sha256.of(token));
        Authentication known = verified.getIfPresent(digest);
        if (known != null) {
            return known;
        }
        Authentication caller = verifier.authenticate(credentials);
        verified.put(digest, caller);
        return caller;
    }

    /** Nothing for one that has expired: the verifier allows for clock skew, the cache does not. */
    private Duration timeToLive(Authentication caller) {
        Instant expiry = ((JwtAuthenticationToken) caller).getToken().getExpiresAt();
        if (expiry == null) {
            return MAX_AGE;
        }
        Duration left = Duration.between(clock.instant(), expiry);
        return left.isNegative() ? Duration.ZERO : left.compareTo(MAX_AGE) < 0 ? left : MAX_AGE;
    }
}
