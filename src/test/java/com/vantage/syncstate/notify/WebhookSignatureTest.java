package com.vantage.syncstate.notify;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import com.standardwebhooks.Webhook;
import com.standardwebhooks.exceptions.WebhookVerificationException;
import com.vantage.syncstate.support.NodePackages;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.json.JsonMapper;

/** Signatures as the libraries check them that the authors of Standard Webhooks give receivers. */
@Tag("node")
class WebhookSignatureTest {

    private static final String OLD = "whsec_MDEyMzQ1Njc4OTAxMjM0NTY3ODkwMTIz";
    private static final String NEW = "whsec_YWJjZGVmZ2hpamtsbW5vcHFyc3R1dnd4eXo=";
    private static final String OTHER = "whsec_bm9ib2R5IGVsc2Ugc2hvdWxkIGtub3cgdGhpcyBvbmU=";
    private static final String BODY = "{\"type\":\"alert.opened\",\"data\":{\"resource\":\"fünds\"}}";

    private final long now = Instant.now().getEpochSecond();

    @TempDir
    private Path directory;

    @BeforeAll
    static void install() {
        NodePackages.install();
    }

    @Test
    void isTakenByWhoHasEitherSecret() throws Exception {
        String signature = sign(OLD, NEW);

        assertThat(signature).matches("v1,\\S{44} v1,\\S{44}");
        assertThat(verify(OLD, signature, BODY).output()).isEqualTo("alert.opened\n");
        assertThat(verify(NEW, signature, BODY).output()).isEqualTo("alert.opened\n");
    }

    @Test
    void isNotTakenWithAnotherSecretOrForAnotherBody() throws Exception {
        String signature = sign(OLD);

        assertThat(verify(OTHER, signature, BODY).output()).contains("WebhookVerificationError");
        assertThat(verify(OLD, signature, BODY.replace("opened", "closed")).output())
                .contains("WebhookVerificationError");
    }

    @Test
    void isTakenByReceiversInJava() throws Exception {
        String signature = sign(OLD, NEW);

        for (String secret : List.of(OLD, NEW)) {
            new Webhook(secret).verify(BODY, headers(signature));
        }
        assertThatExceptionOfType(WebhookVerificationException.class)
                .isThrownBy(() -> new Webhook(OTHER).verify(BODY, headers(signature)));
    }

    private Map<String, List<String>> headers(String signature) {
        return Map.of(
                "webhook-id",
                List.of("msg_1"),
                "webhook-timestamp",
                List.of(Long.toString(now)),
                "webhook-signature",
                List.of(signature));
    }

    private String sign(String... secrets) {
        return WebhookSignature.of(new Channel.Setting("test."), List.of(secrets))
                .sign("msg_1", now, BODY.getBytes(StandardCharsets.UTF_8));
    }

    private NodePackages.Ended verify(String secret, String signature, String body) throws Exception {
        Path input = Files.writeString(
                directory.resolve("input.json"),
                new JsonMapper()
                        .writeValueAsString(Map.of(
                                "secret",
                                secret,
                                "body",
                                body,
                                "headers",
                                Map.of(
                                        "webhook-id",
                                        "msg_1",
                                        "webhook-timestamp",
                                        Long.toString(now),
                                        "webhook-signature",
                                        signature))));
        return NodePackages.run(List.of("sh", "-c", "node verify-webhook.mjs < " + input), Map.of(), 60);
    }
}
