package com.vantage.syncstate.http;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Instant;
import java.util.HexFormat;
import org.jspecify.annotations.Nullable;
import org.springframework.http.CacheControl;
import org.springframework.http.ResponseEntity;

/** Builds an ETag from what names the version of an answer, so that an unchanged answer is known without being encoded. */
public final class ETagBuilder {

    private final MessageDigest digest;
    private final ByteBuffer number = ByteBuffer.allocate(Long.BYTES + Integer.BYTES);

    public ETagBuilder() {
        try {
            digest = MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("Every JDK has SHA-256", e);
        }
    }

    /** An answer of that version, which a caller keeps and asks about the next time; without its body. */
    public static ResponseEntity.BodyBuilder answer(String tag) {
        return ResponseEntity.ok().eTag(tag).cacheControl(CacheControl.noCache());
    }

    public ETagBuilder add(@Nullable String text) {
        if (text != null) {
            return add(text.getBytes(StandardCharsets.UTF_8));
        }
        digest.update(number.clear().putInt(-1).flip());
        return this;
    }

    public ETagBuilder add(byte[] bytes) {
        digest.update(number.clear().putInt(bytes.length).flip());
        digest.update(bytes);
        return this;
    }

    public ETagBuilder add(@Nullable Instant time) {
        number.clear();
        if (time != null) {
            number.putLong(time.getEpochSecond()).putInt(time.getNano());
        }
        digest.update(number.flip());
        return this;
    }

    /** The tag, quotes included. */
    public String value() {
        return '"' + HexFormat.of().formatHex(digest.digest(), 0, 16) + '"';
    }
}
