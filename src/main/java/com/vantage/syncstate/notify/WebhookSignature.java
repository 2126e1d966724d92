package com.vantage.syncstate.notify;

import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.util.Base64;
import java.util.List;
import java.util.stream.Collectors;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/** Signs as Standard Webhooks 1.0 says, with each secret, so that a receiver can change from one to the next. */
final class WebhookSignature {

    private static final String ALGORITHM = "HmacSHA256";
    private static final String PREFIX = "whsec_";
    private static final int MIN_BYTES = 24;
    private static final int MAX_BYTES = 64;

    private final List<SecretKeySpec> keys;

    private WebhookSignature(List<SecretKeySpec> keys) {
        this.keys = keys;
    }

    /** @throws com.vantage.syncstate.config.UnusableSettingException if there is none, or one that cannot be read */
    static WebhookSignature of(Channel.Setting setting, List<String> secrets) {
        String remedy = "Make one: echo \"whsec_$(openssl rand -base64 32)\"";
        if (secrets.isEmpty()) {
            throw setting.unusable("secret", "is missing", remedy);
        }
        return new WebhookSignature(secrets.stream()
                .map(secret -> {
                    byte[] key = key(secret.strip());
                    if (key.length < MIN_BYTES || key.length > MAX_BYTES) {
                        throw setting.unusable("secret", "must be whsec_ followed by 24 to 64 bytes in Base64", remedy);
                    }
                    return new SecretKeySpec(key, ALGORITHM);
                })
                .toList());
    }

    private static byte[] key(String secret) {
        if (!secret.startsWith(PREFIX)) {
            return new byte[0];
        }
        try {
            return Base64.getDecoder().decode(secret.substring(PREFIX.length()));
        } catch (IllegalArgumentException e) {
            return new byte[0];
        }
    }

    /** The header {@code webhook-signature}. */
    String sign(String id, long timestamp, byte[] body) {
        return keys.stream().map(key -> "v1," + sign(key, id, timestamp, body)).collect(Collectors.joining(" "));
    }

    private static String sign(SecretKeySpec key, String id, long timestamp, byte[] body) {
        try {
            Mac mac = Mac.getInstance(ALGORITHM);
            mac.init(key);
            mac.update((id + "." + timestamp + ".").getBytes(StandardCharsets.UTF_8));
            return Base64.getEncoder().encodeToString(mac.doFinal(body));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("Every JDK has " + ALGORITHM, e);
        }
    }
}
