package com.vantage.syncstate.security;

import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.ConfigurationProperties;

/**
 * Tokens signed with a shared secret (HS256), as Supabase signs them.
 *
 * @param secret the secret, at least 32 bytes
 */
@ConfigurationProperties("vantage.jwt")
record JwtProperties(@Nullable String secret) {

    boolean isSet() {
        return secret != null && !secret.isBlank();
    }

    @Override
    public String toString() {
        return isSet() ? "set" : "not set";
    }
}
