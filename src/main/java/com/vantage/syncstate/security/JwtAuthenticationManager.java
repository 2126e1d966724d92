package com.vantage.syncstate.security;

import com.vantage.syncstate.config.UnusableSettingException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.regex.Pattern;
import javax.crypto.spec.SecretKeySpec;
import org.springframework.security.authentication.AuthenticationManager;
import org.springframework.security.authentication.AuthenticationProvider;
import org.springframework.security.authentication.AuthenticationServiceException;
import org.springframework.security.authentication.ProviderManager;
import org.springframework.security.core.Authentication;
import org.springframework.security.oauth2.jose.jws.MacAlgorithm;
import org.springframework.security.oauth2.jwt.JwtDecoder;
import org.springframework.security.oauth2.jwt.JwtDecoderInitializationException;
import org.springframework.security.oauth2.jwt.NimbusJwtDecoder;
import org.springframework.security.oauth2.server.resource.InvalidBearerTokenException;
import org.springframework.security.oauth2.server.resource.authentication.BearerTokenAuthenticationToken;
import org.springframework.security.oauth2.server.resource.authentication.JwtAuthenticationConverter;
import org.springframework.security.oauth2.server.resource.authentication.JwtAuthenticationProvider;

/** Verifies tokens, by a shared secret, by an issuer's keys, or by either where both are configured. */
final class JwtAuthenticationManager implements AuthenticationManager {

    private static final int MIN_SECRET_BYTES = 32;

    /** Three parts in the alphabet of URLs. */
    private static final Pattern TOKEN = Pattern.compile("[\\w-]+\\.[\\w-]*\\.[\\w-]*");

    private final List<AuthenticationProvider> verifiers = new ArrayList<>();

    /**
     * @param issuers decoders that the framework made of {@code spring.security.oauth2.resourceserver.jwt}
     */
    JwtAuthenticationManager(JwtProperties properties, List<JwtDecoder> issuers) {
        if (properties.isSet()) {
            verifiers.add(verifier(bySecret(Objects.requireNonNull(properties.secret()))));
        }
        issuers.forEach(issuer -> verifiers.add(verifier(issuer)));
    }

    boolean isConfigured() {
        return !verifiers.isEmpty();
    }

    /**
     * Verifies a token. What cannot be one, such as a mistyped key, is no reason to ask an issuer.
     *
     * @throws IdentityProviderUnavailableException where its issuer does not answer
     */
    @Override
    public Authentication authenticate(Authentication credentials) {
        String token = ((BearerTokenAuthenticationToken) credentials).getToken();
        if (verifiers.isEmpty() || !TOKEN.matcher(token).matches()) {
            throw new InvalidBearerTokenException("Neither a known key nor a token that can be verified");
        }
        try {
            return Objects.requireNonNull(new ProviderManager(verifiers).authenticate(credentials));
        } catch (AuthenticationServiceException | JwtDecoderInitializationException e) {
            throw new IdentityProviderUnavailableException("The token cannot be verified now", e);
        }
    }

    private static JwtDecoder bySecret(String secret) {
        byte[] bytes = secret.getBytes(StandardCharsets.UTF_8);
        if (bytes.length < MIN_SECRET_BYTES) {
            throw new UnusableSettingException(
                    "vantage.jwt.secret has " + bytes.length + " bytes; HS256 requires at least " + MIN_SECRET_BYTES,
                    "Give the secret that your tokens are signed with; `openssl rand -hex 32` prints a suitable one");
        }
        return NimbusJwtDecoder.withSecretKey(new SecretKeySpec(bytes, "HmacSHA256"))
                .macAlgorithm(MacAlgorithm.HS256)
                .build();
    }

    private static AuthenticationProvider verifier(JwtDecoder decoder) {
        var converter = new JwtAuthenticationConverter();
        converter.setJwtGrantedAuthoritiesConverter(token -> Role.ofClaim(token.getClaimAsString("role"))
                .map(Role::authorities)
                .orElse(List.of()));
        var verifier = new JwtAuthenticationProvider(decoder);
        verifier.setJwtAuthenticationConverter(converter);
        return verifier;
    }
}
