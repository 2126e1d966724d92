package com.vantage.syncstate.security;

import java.security.Principal;
import java.time.Instant;
import java.util.HexFormat;
import org.jspecify.annotations.Nullable;
import org.springframework.security.oauth2.server.resource.authentication.JwtAuthenticationToken;

/**
 * Who calls, as far as what callers share is to be shared fairly.
 *
 * @param id the same for all requests with one key, or of one subject
 * @param until when their token expires; null for a key, and for a token that does not
 */
public record Caller(String id, @Nullable Instant until) {

    /**
     * The caller of a request.
     *
     * @param principal whom security has let pass
     */
    public static Caller of(Principal principal) {
        if (principal instanceof JwtAuthenticationToken caller) {
            String subject = caller.getToken().getSubject();
            return new Caller(
                    subject == null ? idOf(caller.getToken().getTokenValue()) : "subject " + subject,
                    caller.getToken().getExpiresAt());
        }
        return new Caller(principal.getName(), null);
    }

    /** The holder of a key of another kind than those of readers and services. */
    public static Caller ofKey(String key) {
        return new Caller(idOf(key), null);
    }

    /** Of a key or token; neither can be derived from it. */
    static String idOf(String credential) {
        return idOf(Sha256.of(credential));
    }

    /** @param digest of a key or token */
    static String idOf(byte[] digest) {
        return HexFormat.of().formatHex(digest);
    }
}
