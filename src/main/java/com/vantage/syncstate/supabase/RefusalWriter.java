package com.vantage.syncstate.supabase;

import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpHeaders;
import tools.jackson.databind.json.JsonMapper;

/** Writes refusals: always all four keys, for a client takes an empty answer or one in another shape for no error. */
final class RefusalWriter {

    private static final JsonMapper JSON = JsonMapper.builder().build();

    private RefusalWriter() {}

    static void write(HttpServletResponse response, Refusal refusal) throws IOException {
        if (response.isCommitted()) {
            return;
        }
        response.resetBuffer();
        response.setStatus(refusal.status());
        response.setContentType("application/json; charset=utf-8");
        response.setHeader(HttpHeaders.CACHE_CONTROL, "no-store");
        response.setHeader("Proxy-Status", "PostgREST; error=" + refusal.code());
        if (refusal.contentRange() != null) {
            response.setHeader(HttpHeaders.CONTENT_RANGE, refusal.contentRange());
        }
        if (refusal.status() == 503) {
            response.setHeader(HttpHeaders.RETRY_AFTER, "1");
        }
        Map<String, @Nullable String> body = new LinkedHashMap<>();
        body.put("code", refusal.code());
        body.put("details", refusal.details());
        body.put("hint", refusal.hint());
        body.put("message", refusal.message());
        byte[] json = JSON.writeValueAsBytes(body);
        response.setContentLength(json.length);
        response.getOutputStream().write(json);
        response.flushBuffer();
    }
}
