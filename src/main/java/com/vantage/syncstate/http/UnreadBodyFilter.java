package com.vantage.syncstate.http;

import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpFilter;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import org.springframework.core.Ordered;
import org.springframework.core.annotation.Order;
import org.springframework.security.web.util.OnCommittedResponseWrapper;
import org.springframework.stereotype.Component;

/** Sees to the rest of a body right before the first byte of the answer is sent. */
@Component
@Order(Ordered.HIGHEST_PRECEDENCE)
class UnreadBodyFilter extends HttpFilter {

    @Override
    protected void doFilter(HttpServletRequest request, HttpServletResponse response, FilterChain chain)
            throws ServletException, IOException {
        UnreadBody body = UnreadBody.of(request);
        if (body == null) {
            chain.doFilter(request, response);
            return;
        }
        var answer = new OnCommittedResponseWrapper(response) {
            @Override
            protected void onResponseCommitted() {
                body.settle(response);
            }
        };
        chain.doFilter(request, answer);
        if (!response.isCommitted() && !request.isAsyncStarted()) {
            body.settle(response);
        }
    }
}
