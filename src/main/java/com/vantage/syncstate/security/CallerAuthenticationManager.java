package com.vantage.syncstate.security;

import org.springframework.security.authentication.AuthenticationManager;
import org.springframework.security.authentication.UsernamePasswordAuthenticationToken;
import org.springframework.security.core.Authentication;
import org.springframework.security.oauth2.server.resource.authentication.BearerTokenAuthenticationToken;

/** Identifies the caller: the holder of a key, or of a token where tokens are configured. */
public final class CallerAuthenticationManager implements AuthenticationManager {

    private final ApiKeys keys;
    private final AuthenticationManager tokens;

    CallerAuthenticationManager(ApiKeys keys, AuthenticationManager tokens) {
        this.keys = keys;
        this.tokens = tokens;
    }

    /** Keys come first: one that looks like a token may be configured as a key, and a look-up costs next to nothing. */
    @Override
    public Authentication authenticate(Authentication credentials) {
        String credential = ((BearerTokenAuthenticationToken) credentials).getToken();
        byte[] digest = Sha256.of(credential);
        return keys.roleOf(digest)
                .map(role -> UsernamePasswordAuthenticationToken.authenticated(
                        Caller.idOf(digest), null, role.authorities()))
                .map(Authentication.class::cast)
                .orElseGet(() -> tokens.authenticate(credentials));
    }
}
