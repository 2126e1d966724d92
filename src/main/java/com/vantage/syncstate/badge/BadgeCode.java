package com.vantage.syncstate.badge;

import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.time.Duration;
import java.util.Arrays;
import java.util.Base64;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;

/**
 * The code in the address of a public badge: 128 bits of an HMAC of the resource, so that one address reveals no other.
 */
@Component
class BadgeCode {

    private static final int BYTES = 16;
    private static final Duration FRESH = Duration.ofMinutes(1);

    private final BadgeRepository badges;
    private volatile @Nullable Known known;

    BadgeCode(BadgeRepository badges) {
        this.badges = badges;
    }

    String of(String resource) {
        try {
            Mac mac = Mac.getInstance("HmacSHA256");
            mac.init(new SecretKeySpec(secret().getBytes(StandardCharsets.UTF_8), "HmacSHA256"));
            byte[] whole = mac.doFinal(("badge " + resource).getBytes(StandardCharsets.UTF_8));
            return Base64.getUrlEncoder().withoutPadding().encodeToString(Arrays.copyOf(whole, BYTES));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("Every JDK has HmacSHA256", e);
        }
    }

    /** Whether it is that resource's; takes as long for a wrong one as for a right one. */
    boolean matches(String resource, String code) {
        return MessageDigest.isEqual(
                of(resource).getBytes(StandardCharsets.UTF_8), code.getBytes(StandardCharsets.UTF_8));
    }

    /** Cached, so that nobody without a key makes the service query as {@code service_role}; a changed one takes effect within a minute. */
    private String secret() {
        Known remembered = known;
        if (remembered == null || System.nanoTime() - remembered.readAt() > FRESH.toNanos()) {
            remembered = new Known(badges.secret(), System.nanoTime());
            known = remembered;
        }
        return remembered.secret();
    }

    /** The secret, and when it was read. */
    private record Known(String secret, long readAt) {

        /** Never the secret: records print what they hold. */
        @Override
        public String toString() {
            return "secret";
        }
    }
}
