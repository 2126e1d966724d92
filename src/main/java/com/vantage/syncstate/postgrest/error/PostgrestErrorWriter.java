package com.vantage.syncstate.postgrest.error;

import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpHeaders;
import tools.jackson.databind.json.JsonMapper;

/** Writes refusals: always all four keys, for a client takes an empty answer or one in another shape for no error. */
public final class PostgrestErrorWriter {

    private static final JsonMapper JSON = JsonMapper.builder().build();

    private PostgrestErrorWriter() {}

    public static void write(HttpServletResponse response, PostgrestError error) throws IOException {
        if (response.isCommitted()) {
            return;
        }
        response.resetBuffer();
        response.setStatus(error.status());
        response.setContentType("application/json; charset=utf-8");
        response.setHeader(HttpHeaders.CACHE_CONTROL, "no-store");
        response.setHeader("Proxy-Status", "PostgREST; error=" + error.code());
        if (error.contentRange() != null) {
            response.setHeader(HttpHeaders.CONTENT_RANGE, error.contentRange());
        }
        if (error.status() == 503) {
            response.setHeader(HttpHeaders.RETRY_AFTER, "1");
        }
        Map<String, @Nullable String> body = new LinkedHashMap<>();
        body.put("code", error.code());
        body.put("details", error.details());
        body.put("hint", error.hint());
        body.put("message", error.message());
        byte[] json = JSON.writeValueAsBytes(body);
        response.setContentLength(json.length);
        response.getOutputStream().write(json);
        response.flushBuffer();
    }
}
