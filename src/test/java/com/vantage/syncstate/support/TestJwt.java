package com.vantage.syncstate.support;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.crypto.MACSigner;
import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.PlainJWT;
import com.nimbusds.jwt.SignedJWT;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.Date;
import java.util.UUID;

/** Makes tokens as Supabase does. */
public final class TestJwt {

    private TestJwt() {}

    public static String of(String role, String secret) {
        return signed(role, secret, Duration.ofHours(1));
    }

    public static String expired(String role, String secret) {
        return signed(role, secret, Duration.ofHours(-1));
    }

    public static String unsigned(String role) {
        return new PlainJWT(claims(role, Duration.ofHours(1))).serialize();
    }

    /** One that is valid for so long. */
    public static String signed(String role, String secret, Duration left) {
        return signed(claims(role, left), secret);
    }

    /** One of somebody who may have several. */
    public static String ofSubject(String subject, String role, String secret) {
        return signed(
                new JWTClaimsSet.Builder(claims(role, Duration.ofHours(1)))
                        .subject(subject)
                        .jwtID(UUID.randomUUID().toString())
                        .build(),
                secret);
    }

    private static String signed(JWTClaimsSet claims, String secret) {
        var jwt = new SignedJWT(new JWSHeader(JWSAlgorithm.HS256), claims);
        try {
            jwt.sign(new MACSigner(secret.getBytes(StandardCharsets.UTF_8)));
        } catch (JOSEException e) {
            throw new IllegalStateException(e);
        }
        return jwt.serialize();
    }

    private static JWTClaimsSet claims(String role, Duration left) {
        return new JWTClaimsSet.Builder()
                .claim("role", role)
                .expirationTime(Date.from(Instant.now().plus(left)))
                .build();
    }
}
