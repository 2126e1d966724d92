package com.vantage.syncstate.http;

import jakarta.servlet.AsyncContext;
import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.ServletRequest;
import jakarta.servlet.ServletResponse;
import jakarta.servlet.http.HttpFilter;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletRequestWrapper;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import org.springframework.core.Ordered;
import org.springframework.core.annotation.Order;
import org.springframework.security.web.util.OnCommittedResponseWrapper;
import org.springframework.stereotype.Component;

/**
 * Sees to the rest of a body right before the first byte of the answer is sent; where another thread will send it, before
 * the request's own thread leaves, so that no other waits for the body.
 */
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
        chain.doFilter(new Settled(request, response, body), answer);
        if (!response.isCommitted() && !request.isAsyncStarted()) {
            body.settle(response);
        }
    }

    /** Whose body is seen to before another thread may answer. */
    private static final class Settled extends HttpServletRequestWrapper {

        private final HttpServletResponse response;
        private final UnreadBody body;

        Settled(HttpServletRequest request, HttpServletResponse response, UnreadBody body) {
            super(request);
            this.response = response;
            this.body = body;
        }

        @Override
        public AsyncContext startAsync() {
            body.settle(response);
            return super.startAsync();
        }

        @Override
        public AsyncContext startAsync(ServletRequest wrapped, ServletResponse answer) {
            body.settle(response);
            return super.startAsync(wrapped, answer);
        }
    }
}
