package com.vantage.syncstate.http;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.util.zip.Deflater;
import java.util.zip.GZIPOutputStream;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.json.JsonMapper;

/**
 * An answer that several requests may share: encoded once and compressed once, and only when one of them needs it.
 *
 * @param <T> what the JSON says
 */
public final class CachedJson<T> {

    private final @Nullable T value;
    private byte @Nullable [] json;
    private byte @Nullable [] gzip;

    public CachedJson(T value) {
        this.value = value;
    }

    private CachedJson(byte[] json) {
        this.value = null;
        this.json = json;
    }

    /** An answer that is encoded already. */
    public static <T> CachedJson<T> encoded(byte[] json) {
        return new CachedJson<>(json);
    }

    synchronized byte[] json(JsonMapper mapper) {
        byte[] bytes = json;
        if (bytes == null) {
            bytes = mapper.writeValueAsBytes(value);
            json = bytes;
        }
        return bytes;
    }

    synchronized byte[] gzip(JsonMapper mapper) {
        byte[] bytes = gzip;
        if (bytes == null) {
            bytes = compress(json(mapper));
            gzip = bytes;
        }
        return bytes;
    }

    private static byte[] compress(byte[] bytes) {
        var compressed = new ByteArrayOutputStream(bytes.length / 8);
        try (var gzip = new Fast(compressed)) {
            gzip.write(bytes);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return compressed.toByteArray();
    }

    /** JSON of lists repeats itself so much that more effort gains little. */
    private static final class Fast extends GZIPOutputStream {

        Fast(OutputStream compressed) throws IOException {
            super(compressed, 8 * 1024);
            def.setLevel(Deflater.BEST_SPEED);
        }
    }
}
