package com.vantage.syncstate.http;

import java.io.IOException;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.springframework.core.ResolvableType;
import org.springframework.http.HttpOutputMessage;
import org.springframework.http.converter.json.JacksonJsonHttpMessageConverter;
import tools.jackson.databind.json.JsonMapper;

/** Writes JSON whole and with its length, so in one piece: the framework's own sends a chunk, and an end after it. */
final class FixedLengthJsonConverter extends JacksonJsonHttpMessageConverter {

    FixedLengthJsonConverter(JsonMapper json) {
        super(json);
    }

    @Override
    protected void writeInternal(
            Object answer, ResolvableType type, HttpOutputMessage message, @Nullable Map<String, Object> hints)
            throws IOException {
        byte[] json = answer instanceof CachedJson<?> encoded
                ? encoded.json(getMapper())
                : getMapper().writeValueAsBytes(answer);
        message.getHeaders().setContentLength(json.length);
        message.getBody().write(json);
    }
}
