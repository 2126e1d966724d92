package com.vantage.syncstate.security;

import com.vantage.syncstate.error.ProblemType;
import com.vantage.syncstate.http.ProblemWriter;
import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
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
        String refusal = caller == null ? null : limit.refuse(Caller.of(caller), response);
        if (refusal == null) {
            chain.doFilter(request, response);
        } else {
            ProblemWriter.write(request, response, ProblemType.TOO_MANY_REQUESTS, refusal);
        }
    }
}
