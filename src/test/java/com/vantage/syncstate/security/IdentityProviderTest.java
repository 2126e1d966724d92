package com.vantage.syncstate.security;

import static org.assertj.core.api.Assertions.assertThat;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.crypto.RSASSASigner;
import com.nimbusds.jose.jwk.JWKSet;
import com.nimbusds.jose.jwk.RSAKey;
import com.nimbusds.jose.jwk.gen.RSAKeyGenerator;
import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.SignedJWT;
import com.sun.net.httpserver.HttpServer;
import com.vantage.syncstate.support.ApiClient;
import com.vantage.syncstate.support.ApiClient.Response;
import com.vantage.syncstate.support.Ports;
import com.vantage.syncstate.support.ServiceInstance;
import com.vantage.syncstate.support.TestDatabase;
import com.vantage.syncstate.support.TestJwt;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Date;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** Tokens of an issuer, and what becomes of them, and of everybody else, while it does not answer. */
class IdentityProviderTest {

    private static final String STATES = "/sync-states";
    private static final String STATES_OF_SUPABASE = "/rest/v1/vantage_sync_state";

    @Test
    void letsInWhomTheIssuerKnows() throws Exception {
        try (var issuer = new Issuer();
                var service = instance(issuer.uri())) {
            String token = issuer.token(issuer.key, "authenticated");

            assertThat(with(service, token).get(STATES).status()).isEqualTo(200);
        }
    }

    @Test
    void fetchesTheKeysOnceForAnyNumberOfMadeUpOnes() throws Exception {
        try (var issuer = new Issuer();
                var service = instance(issuer.uri())) {
            RSAKey stranger = key("stranger");
            List<Integer> statuses = IntStream.range(0, 20)
                    .mapToObj(i ->
                            new RSAKey.Builder(stranger).keyID("made-up-" + i).build())
                    .map(key -> issuer.token(key, "service_role"))
                    .map(token -> with(service, token).get(STATES).status())
                    .toList();

            assertThat(statuses).hasSize(20).containsOnly(401);
            assertThat(issuer.fetches).hasValueLessThanOrEqualTo(3);
        }
    }

    @Test
    void answersTokensWith503WhileTheIssuerIsGone() throws Exception {
        try (var service = instance("http://127.0.0.1:" + Ports.free())) {
            assertUnavailable(service);
        }
    }

    @Test
    void answersTokensWith503WhileTheIssuerIsSilent() throws Exception {
        try (var silent = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
                var service = instance("http://127.0.0.1:" + silent.getLocalPort())) {
            assertUnavailable(service);
        }
    }

    /** Whoever can make it redirect would choose where the service calls. */
    @Test
    void isNotFollowedElsewhere() throws Exception {
        try (var elsewhere = new Issuer();
                var issuer = new Issuer()) {
            issuer.moveKeysTo(elsewhere);
            try (var service = instance(issuer.uri())) {
                String token = issuer.token(elsewhere.key, "authenticated");

                assertThat(with(service, token).get(STATES).status()).isIn(401, 503);
                assertThat(elsewhere.fetches).hasValue(0);
            }
        }
    }

    private static void assertUnavailable(ServiceInstance service) {
        ApiClient token = with(service, TestJwt.of("authenticated", "a secret of another issuer, of 32 bytes"));

        Response refused = token.get(STATES);
        assertThat(refused.status()).isEqualTo(503);
        assertThat(refused.problem()).isEqualTo("identity-provider-unavailable");
        assertThat(refused.header("Retry-After")).isPresent();

        Response refusedOfSupabase = token.get(STATES_OF_SUPABASE);
        assertThat(refusedOfSupabase.status()).isEqualTo(503);
        assertThat(refusedOfSupabase.json().propertyNames()).containsExactly("code", "details", "hint", "message");

        Response refusedPing = token.post("/ping/-/accounts");
        assertThat(refusedPing.status()).isEqualTo(503);
        assertThat(refusedPing.header("Retry-After")).isPresent();
        assertThat(refusedPing.header("Content-Type"))
                .hasValueSatisfying(type -> assertThat(type).startsWith("text/plain"));
        String code = URI.create(
                        service.api().get("/pings").json().get(0).get("url").asString())
                .getPath();
        assertThat(token.post(code).body()).isEqualTo("OK");
        assertThat(with(service, "a-mistyped-key").post("/ping/-/accounts").status())
                .isEqualTo(404);

        assertThat(with(service, "a-mistyped-key").get(STATES).status()).isEqualTo(401);
        assertThat(service.api().get(STATES).status()).isEqualTo(200);
    }

    private static ServiceInstance instance(String issuer) {
        return ServiceInstance.on(
                TestDatabase.create(), "--spring.security.oauth2.resourceserver.jwt.issuer-uri=" + issuer);
    }

    private static ApiClient with(ServiceInstance service, String credential) {
        return ApiClient.at(service.api().base()).key(credential);
    }

    private static RSAKey key(String id) {
        try {
            return new RSAKeyGenerator(2048).keyID(id).generate();
        } catch (JOSEException e) {
            throw new IllegalStateException(e);
        }
    }

    /** Publishes one key, as OpenID Connect has it. */
    private static final class Issuer implements AutoCloseable {

        private final RSAKey key = key("the-key");
        private final AtomicInteger fetches = new AtomicInteger();
        private final HttpServer server;

        Issuer() throws IOException {
            server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
            publish(
                    "/.well-known/openid-configuration",
                    "{\"issuer\": \"" + uri() + "\", \"jwks_uri\": \"" + uri() + "/keys\"}");
            publish("/keys", new JWKSet(key.toPublicJWK()).toString());
            server.start();
        }

        String uri() {
            return "http://127.0.0.1:" + server.getAddress().getPort();
        }

        String token(RSAKey signedBy, String role) {
            var token = new SignedJWT(
                    new JWSHeader.Builder(JWSAlgorithm.RS256)
                            .keyID(signedBy.getKeyID())
                            .build(),
                    new JWTClaimsSet.Builder()
                            .issuer(uri())
                            .claim("role", role)
                            .expirationTime(Date.from(Instant.now().plusSeconds(3600)))
                            .build());
            try {
                token.sign(new RSASSASigner(signedBy));
            } catch (JOSEException e) {
                throw new IllegalStateException(e);
            }
            return token.serialize();
        }

        void moveKeysTo(Issuer other) {
            server.removeContext("/keys");
            server.createContext("/keys", exchange -> {
                exchange.getResponseHeaders().add("Location", other.uri() + "/keys");
                exchange.sendResponseHeaders(302, -1);
                exchange.close();
            });
        }

        private void publish(String path, String json) {
            server.createContext(path, exchange -> {
                fetches.incrementAndGet();
                byte[] body = json.getBytes(StandardCharsets.UTF_8);
                exchange.getResponseHeaders().add("Content-Type", "application/json");
                exchange.sendResponseHeaders(200, body.length);
                exchange.getResponseBody().write(body);
                exchange.close();
            });
        }

        @Override
        public void close() {
            server.stop(0);
        }
    }
}
