package com.vantage.syncstate.postgrest.error;

import com.vantage.syncstate.error.ProblemType;
import com.vantage.syncstate.http.ErrorFormat;
import com.vantage.syncstate.http.ProblemWriter;
import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.util.regex.Pattern;
import org.springframework.core.Ordered;
import org.springframework.core.annotation.Order;
import org.springframework.stereotype.Component;
import org.springframework.web.filter.OncePerRequestFilter;

/** Puts errors that occur on the way to this API into its format; the first of all filters. */
@Component
@Order(Ordered.HIGHEST_PRECEDENCE)
class PostgrestErrorFormat extends OncePerRequestFilter implements ErrorFormat {

    /** One that can be no reason for a rejection. */
    private static final Pattern PLAIN_PATH = Pattern.compile("/rest/v1(?:/[A-Za-z0-9_]+)*/?");

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
        return path.equals("/rest/v1") || path.startsWith("/rest/v1/");
    }

    @Override
    public boolean readsOwnQuery() {
        return true;
    }

    @Override
    public void write(HttpServletRequest request, HttpServletResponse response, ProblemType type, String detail)
            throws IOException {
        error(request, type, detail).write(response);
    }

    private static PostgrestError error(HttpServletRequest request, ProblemType type, String detail) {
        return switch (type.status()) {
            case 400 ->
                PLAIN_PATH.matcher(ProblemWriter.path(request)).matches()
                        ? new PostgrestError(400, "PGRST100", detail)
                        : PostgrestError.path();
            case 404 -> PostgrestError.path();
            case 405 -> PostgrestError.method(request.getMethod());
            case 406 -> new PostgrestError(406, "PGRST107", detail);
            case 413 -> PostgrestError.tooLarge(detail);
            case 429 -> new PostgrestError(429, "PGRSTX03", detail);
            case 503 -> PostgrestError.databaseDown();
            default -> new PostgrestError(type.status(), "PGRSTX00", type.title());
        };
    }
}
