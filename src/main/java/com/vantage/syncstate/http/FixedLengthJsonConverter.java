package com.vantage.syncstate.http;

import java.io.IOException;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.springframework.core.ResolvableType;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpOutputMessage;
import org.springframework.http.converter.json.JacksonJsonHttpMessageConverter;
import org.springframework.web.context.request.RequestContextHolder;
import org.springframework.web.context.request.ServletRequestAttributes;
import tools.jackson.databind.json.JsonMapper;

/**
 * Writes JSON whole and with its length, so in one piece: the framework's own sends a chunk, and an end after it. A large
 * answer that several may share is compressed for those who accept that, once for all of them.
 */
final class FixedLengthJsonConverter extends JacksonJsonHttpMessageConverter {

    FixedLengthJsonConverter(JsonMapper json) {
        super(json);
    }

    @Override
    protected void writeInternal(
            Object answer, ResolvableType type, HttpOutputMessage message, @Nullable Map<String, Object> hints)
            throws IOException {
        write(answer, message);
    }

    void write(Object answer, HttpOutputMessage message) throws IOException {
        byte[] json = answer instanceof CachedJson<?> shared
                ? encoded(shared, message.getHeaders())
                : getMapper().writeValueAsBytes(answer);
        write(json, message);
    }

    static void write(byte[] body, HttpOutputMessage message) throws IOException {
        message.getHeaders().setContentLength(body.length);
        message.getBody().write(body);
    }

    private byte[] encoded(CachedJson<?> answer, HttpHeaders headers) {
        byte[] json = answer.json(getMapper());
        if (json.length <= AnswerBudget.LARGE) {
            return json;
        }
        headers.add(HttpHeaders.VARY, HttpHeaders.ACCEPT_ENCODING);
        if (!acceptsGzip()) {
            return json;
        }
        headers.set(HttpHeaders.CONTENT_ENCODING, "gzip");
        String tag = headers.getETag();
        if (tag != null && !tag.startsWith("W/")) {
            // Strong ones are of bytes, and these are others.
            headers.setETag("W/" + tag);
        }
        return answer.gzip(getMapper());
    }

    private static boolean acceptsGzip() {
        var request = ((ServletRequestAttributes) RequestContextHolder.currentRequestAttributes()).getRequest();
        String accepted = request.getHeader(HttpHeaders.ACCEPT_ENCODING);
        return accepted != null && GzipPreference.isNamedIn(accepted);
    }
}
