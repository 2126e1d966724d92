package com.vantage.syncstate.security;

import org.springframework.security.core.AuthenticationException;

/** A token cannot be verified now, because its issuer does not answer; it may well be valid. */
public final class IdentityProviderUnavailableException extends AuthenticationException {

    /** What the caller reads. */
    public static final String DETAIL =
            "The identity provider that verifies tokens does not answer. Nothing was done; call again in a second.";

    IdentityProviderUnavailableException(String message, Throwable cause) {
        super(message, cause);
    }
}
