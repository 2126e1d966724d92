package com.vantage.syncstate.web;

import com.vantage.syncstate.database.CallRefused.Facts;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import org.springframework.http.HttpHeaders;
import org.springframework.http.MediaType;
import tools.jackson.databind.json.JsonMapper;

/**
 * Writes problems. One way for all of them, whatever the caller accepts and wherever on the way in the request was
 * stopped: by the parser of the server, the door, the dispatcher or a database function. A request that carries
 * {@link OwnRefusals} is refused in their words.
 */
public final class Problems {

    private static final JsonMapper JSON = JsonMapper.builder().build();

    private Problems() {}

    /**
     * Writes one, unless an answer has begun already.
     *
     * @param detail what is wrong here and what to do about it
     */
    public static void write(HttpServletRequest request, HttpServletResponse response, ProblemType type, String detail)
            throws IOException {
        write(request, response, type, detail, Facts.NONE);
    }

    static void write(
            HttpServletRequest request, HttpServletResponse response, ProblemType type, String detail, Facts facts)
            throws IOException {
        if (response.isCommitted()) {
            return;
        }
        if (request.getAttribute(OwnRefusals.ATTRIBUTE) instanceof OwnRefusals own) {
            own.write(request, response, type, detail);
            return;
        }
        response.resetBuffer();
        response.setStatus(type.status());
        response.setContentType(MediaType.APPLICATION_PROBLEM_JSON_VALUE);
        response.setHeader(HttpHeaders.CACHE_CONTROL, "no-store");
        if (type == ProblemType.DATABASE_UNAVAILABLE) {
            response.setHeader(HttpHeaders.RETRY_AFTER, "1");
        }
        byte[] body = JSON.writeValueAsBytes(Problem.of(type, detail, instance(request), facts));
        response.setContentLength(body.length);
        response.getOutputStream().write(body);
        response.flushBuffer();
    }

    private static String instance(HttpServletRequest request) {
        return request.getAttribute("jakarta.servlet.error.request_uri") instanceof String original
                ? original
                : request.getRequestURI();
    }
}
