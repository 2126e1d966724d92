package com.vantage.syncstate.http;

import com.vantage.syncstate.error.ProblemType;
import com.vantage.syncstate.error.RequestRejected.Details;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.util.List;
import org.springframework.http.HttpHeaders;
import org.springframework.http.MediaType;
import tools.jackson.databind.json.JsonMapper;

/**
 * Writes problems. One way for all of them, whatever the caller accepts and wherever the request was
 * stopped: by the server's parser, by security, by the dispatcher or by a database function. A request that carries an
 * {@link ErrorFormat} gets its error in that format.
 */
public final class ProblemWriter {

    /** All that some address has. */
    public static final List<String> METHODS = List.of("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS");

    private static final JsonMapper JSON = JsonMapper.builder().build();

    private ProblemWriter() {}

    /**
     * Writes one, unless an answer has begun already.
     *
     * @param detail what is wrong in this request and what to do about it
     */
    public static void write(HttpServletRequest request, HttpServletResponse response, ProblemType type, String detail)
            throws IOException {
        write(request, response, type, detail, Details.NONE);
    }

    static void write(
            HttpServletRequest request, HttpServletResponse response, ProblemType type, String detail, Details details)
            throws IOException {
        if (response.isCommitted()) {
            return;
        }
        if (type == ProblemType.METHOD_NOT_ALLOWED && response.getHeader(HttpHeaders.ALLOW) == null) {
            response.setHeader(HttpHeaders.ALLOW, String.join(", ", METHODS));
        }
        if (request.getAttribute(ErrorFormat.ATTRIBUTE) instanceof ErrorFormat own) {
            own.write(request, response, type, detail);
            return;
        }
        response.resetBuffer();
        response.setStatus(type.status());
        response.setContentType(MediaType.APPLICATION_PROBLEM_JSON_VALUE);
        response.setHeader(HttpHeaders.CACHE_CONTROL, "no-store");
        // That of an answer that could not be given.
        response.setHeader(HttpHeaders.ETAG, null);
        if (type.status() == 503) {
            response.setHeader(HttpHeaders.RETRY_AFTER, "1");
        }
        byte[] body = JSON.writeValueAsBytes(Problem.of(type, detail, path(request), details));
        response.setContentLength(body.length);
        response.getOutputStream().write(body);
        response.flushBuffer();
    }

    /** The path that was called, also where the request has been passed on to the handler of errors. */
    public static String path(HttpServletRequest request) {
        return request.getAttribute("jakarta.servlet.error.request_uri") instanceof String original
                ? original
                : request.getRequestURI();
    }
}
