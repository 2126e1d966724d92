package com.vantage.syncstate.postgrest.error;

import com.vantage.syncstate.error.ProblemType;
import com.vantage.syncstate.http.ErrorFormat;
import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.util.Set;
import org.springframework.core.Ordered;
import org.springframework.core.annotation.Order;
import org.springframework.stereotype.Component;
import org.springframework.web.filter.OncePerRequestFilter;

/** Puts errors that occur on the way to this API into its format; the first of all filters. */
@Component
@Order(Ordered.HIGHEST_PRECEDENCE)
class PostgrestErrorFormat extends OncePerRequestFilter implements ErrorFormat {

    private static final Set<String> METHODS = Set.of("GET", "HEAD", "POST", "PATCH", "PUT", "DELETE", "OPTIONS");

    @Override
    protected void doFilterInternal(HttpServletRequest request, HttpServletResponse response, FilterChain chain)
            throws ServletException, IOException {
        request.setAttribute(ErrorFormat.ATTRIBUTE, this);
        chain.doFilter(request, response);
    }

    @Override
    protected boolean shouldNotFilter(HttpServletRequest request) {
        return !covers(request);
    }

    @Override
    public boolean covers(HttpServletRequest request) {
        String path = request.getRequestURI();
        return path != null && (path.equals("/rest/v1") || path.startsWith("/rest/v1/"));
    }

    @Override
    public void write(HttpServletRequest request, HttpServletResponse response, ProblemType type, String detail)
            throws IOException {
        error(request, type, detail).write(response);
    }

    private static PostgrestError error(HttpServletRequest request, ProblemType type, String detail) {
        if (!METHODS.contains(request.getMethod())) {
            return PostgrestError.method(request.getMethod());
        }
        return switch (type.status()) {
            case 400, 404 -> PostgrestError.path();
            case 413 -> PostgrestError.tooLarge(detail);
            case 503 -> PostgrestError.databaseDown();
            default -> new PostgrestError(type.status(), "PGRSTX00", type.title());
        };
    }
}
