package com.vantage.syncstate.security;

import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.time.Duration;
import java.util.Arrays;
import java.util.Base64;
import java.util.function.Supplier;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.jspecify.annotations.Nullable;

/**
 * The code in an address that needs no key: 128 bits of an HMAC of the resource, so that one address reveals no other.
 */
public final class ResourceCode {

    private static final int BYTES = 16;
    private static final Duration FRESH = Duration.ofMinutes(1);

    private final String purpose;
    private final Supplier<String> secrets;
    private volatile @Nullable Known known;

    /**
     * Codes of one kind of address.
     *
     * @param purpose what the addresses are for; those for another purpose have other codes
     * @param secrets reads the secret that the codes are made from
     */
    public ResourceCode(String purpose, Supplier<String> secrets) {
        this.purpose = purpose;
        this.secrets = secrets;
    }

    public String of(String resource) {
        try {
            Mac mac = Mac.getInstance("HmacSHA256");
            mac.init(new SecretKeySpec(secret().getBytes(StandardCharsets.UTF_8), "HmacSHA256"));
            byte[] whole = mac.doFinal((purpose + " " + resource).getBytes(StandardCharsets.UTF_8));
            return Base64.getUrlEncoder().withoutPadding().encodeToString(Arrays.copyOf(whole, BYTES));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("Every JDK has HmacSHA256", e);
        }
    }

    /** Whether it is that resource's; takes as long for a wrong one as for a right one. */
    public boolean matches(String resource, String code) {
        return MessageDigest.isEqual(
                of(resource).getBytes(StandardCharsets.UTF_8), code.getBytes(StandardCharsets.UTF_8));
    }

    /** Cached, so that nobody without a key makes the service query as {@code service_role}; a changed one takes effect within a minute. */
    private String secret() {
        Known remembered = known;
        if (remembered == null || System.nanoTime() - remembered.readAt() > FRESH.toNanos()) {
            remembered = new Known(secrets.get(), System.nanoTime());
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
