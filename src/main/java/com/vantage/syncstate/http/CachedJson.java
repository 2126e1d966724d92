package com.vantage.syncstate.http;

import org.jspecify.annotations.Nullable;
import tools.jackson.databind.json.JsonMapper;

/**
 * An answer that several requests may share: encoded once, and only when one of them needs it.
 *
 * @param <T> what the JSON says
 */
public final class CachedJson<T> {

    private final @Nullable T value;
    private byte @Nullable [] json;

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
}
