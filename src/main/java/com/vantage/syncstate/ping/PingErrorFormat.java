package com.vantage.syncstate.ping;

import com.vantage.syncstate.error.ProblemType;
import com.vantage.syncstate.http.ErrorFormat;
import com.vantage.syncstate.http.ProblemWriter;
import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import org.springframework.core.Ordered;
import org.springframework.core.annotation.Order;
import org.springframework.http.HttpHeaders;
import org.springframework.stereotype.Component;
import org.springframework.web.filter.OncePerRequestFilter;

/**
 * Answers pings that cannot be taken with plain text, whatever they accept: a problem would name the address, and with it the
 * key.
 */
@Component
@Order(Ordered.HIGHEST_PRECEDENCE)
class PingErrorFormat extends OncePerRequestFilter implements ErrorFormat {

    /** For a wrong key and an unknown resource alike. */
    static final String NOT_FOUND = "not found";

    @Override
    protected void doFilterInternal(HttpServletRequest request, HttpServletResponse response, FilterChain chain)
            throws ServletException, IOException {
        request.setAttribute(ErrorFormat.ATTRIBUTE, this);
        chain.doFilter(request, response);
    }

    @Override
    protected boolean shouldNotFilter(HttpServletRequest request) {
        return !covers(ProblemWriter.path(request));
    }

    /** What the server itself rejects comes here first as an error. */
    @Override
    protected boolean shouldNotFilterErrorDispatch() {
        return false;
    }

    @Override
    public boolean covers(String path) {
        return path.startsWith("/ping/");
    }

    @Override
    public void write(HttpServletRequest request, HttpServletResponse response, ProblemType type, String detail)
            throws IOException {
        byte[] text = (type.status() == 404 ? NOT_FOUND : detail).getBytes(StandardCharsets.UTF_8);
        response.resetBuffer();
        response.setStatus(type.status());
        response.setContentType("text/plain;charset=UTF-8");
        response.setHeader(HttpHeaders.CACHE_CONTROL, "no-store");
        if (type.status() == 503) {
            response.setHeader(HttpHeaders.RETRY_AFTER, "1");
        }
        response.setContentLength(text.length);
        response.getOutputStream().write(text);
        response.flushBuffer();
    }
}
