package com.vantage.syncstate.postgrest.sql;

import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpHeaders;
import org.springframework.http.ResponseEntity;

/** Puts answers together: status, {@code Content-Range} and body. */
final class RowsResponse {

    private RowsResponse() {}

    /**
     * Which rows these are, {@code 0-6/7}.
     *
     * @param offset how many came before
     * @param total how many there are, if they were counted
     */
    static String contentRange(long offset, int rows, @Nullable Long total) {
        boolean some = rows > 0 && (total == null || total > 0);
        return (some ? offset + "-" + (offset + rows - 1) : "*") + "/" + (total == null ? "*" : total);
    }

    static ResponseEntity<byte[]> of(
            int status, String contentRange, String preferences, @Nullable String contentType, @Nullable String body) {
        ResponseEntity.BodyBuilder answer =
                ResponseEntity.status(status).header(HttpHeaders.CONTENT_RANGE, contentRange);
        if (!preferences.isEmpty()) {
            answer.header("Preference-Applied", preferences);
        }
        if (contentType != null) {
            answer.header(HttpHeaders.CONTENT_TYPE, contentType);
        }
        return body == null ? answer.build() : answer.body(body.getBytes(StandardCharsets.UTF_8));
    }
}
