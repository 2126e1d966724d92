package com.vantage.syncstate.security;

import com.vantage.syncstate.error.ProblemType;
import com.vantage.syncstate.http.ProblemWriter;
import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.time.Duration;
import org.springframework.http.HttpHeaders;
import org.springframework.security.core.Authentication;
import org.springframework.security.core.context.SecurityContextHolder;
import org.springframework.web.filter.OncePerRequestFilter;

/** Refuses what a caller sends beyond their rate, before anything is done about it. */
final class RateLimitFilter extends OncePerRequestFilter {

    private final RateLimit limit;

    RateLimitFilter(RateLimit limit) {
        this.limit = limit;
    }

    @Override
    protected void doFilterInternal(HttpServletRequest request, HttpServletResponse response, FilterChain chain)
            throws ServletException, IOException {
        Authentication caller = SecurityContextHolder.getContext().getAuthentication();
        Duration wait = caller == null ? Duration.ZERO : limit.take(Caller.of(caller));
        if (wait.isZero()) {
            chain.doFilter(request, response);
            return;
        }
        long seconds = wait.plusSeconds(1).minusNanos(1).toSeconds();
        response.setHeader(HttpHeaders.RETRY_AFTER, String.valueOf(seconds));
        ProblemWriter.write(
                request,
                response,
                ProblemType.TOO_MANY_REQUESTS,
                "This key or subject has made as many requests as it may (vantage.rate-limit.requests). Call again after "
                        + seconds + " s, as Retry-After says: nothing was done.");
    }
}
