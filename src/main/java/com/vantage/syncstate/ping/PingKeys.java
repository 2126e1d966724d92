package com.vantage.syncstate.ping;

import com.vantage.syncstate.error.ProblemType;
import com.vantage.syncstate.error.RequestRejected;
import com.vantage.syncstate.security.ApiKeyBearerTokenResolver;
import com.vantage.syncstate.security.CallerAuthenticationManager;
import com.vantage.syncstate.security.IdentityProviderUnavailableException;
import com.vantage.syncstate.security.Role;
import com.vantage.syncstate.security.SecretKeys;
import jakarta.servlet.http.HttpServletRequest;
import org.jspecify.annotations.Nullable;
import org.springframework.security.core.AuthenticationException;
import org.springframework.security.oauth2.server.resource.authentication.BearerTokenAuthenticationToken;
import org.springframework.stereotype.Component;

/** The keys that may ping for every resource: in the address those for pings alone, in a header service keys as well. */
@Component
class PingKeys {

    private final SecretKeys keys;
    private final CallerAuthenticationManager callers;

    PingKeys(PingProperties properties, CallerAuthenticationManager callers) {
        this.keys = new SecretKeys(properties.ping(), "ping");
        this.callers = callers;
    }

    boolean contains(String key) {
        return keys.contains(key);
    }

    /** The one in a header; null where there is none that may ping. */
    @Nullable
    String inHeaderOf(HttpServletRequest request) {
        String key = new ApiKeyBearerTokenResolver().resolve(request);
        return key != null && (keys.contains(key) || isOfService(key)) ? key : null;
    }

    private boolean isOfService(String key) {
        try {
            return Role.SERVICE.isHeldBy(callers.authenticate(new BearerTokenAuthenticationToken(key)));
        } catch (IdentityProviderUnavailableException e) {
            // Not the answer for a wrong key, which nobody repeats.
            throw new RequestRejected(
                    ProblemType.IDENTITY_PROVIDER_UNAVAILABLE,
                    IdentityProviderUnavailableException.DETAIL,
                    RequestRejected.Details.NONE,
                    e);
        } catch (AuthenticationException e) {
            return false;
        }
    }
}
