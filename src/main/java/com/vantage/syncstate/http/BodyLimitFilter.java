package com.vantage.syncstate.http;

import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.ServletInputStream;
import jakarta.servlet.http.HttpFilter;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletRequestWrapper;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;

/**
 * Rejects a body over the limit, by its declared length or, where none is declared, as it is read; one that does not
 * arrive in time, which would hold a thread for as long as it trickles; and one that there is no room for now.
 */
@Component
class BodyLimitFilter extends HttpFilter {

    private final HttpProperties limits;
    private final BodyBudget budget;
    private final List<StreamedBodies> streamed;

    BodyLimitFilter(HttpProperties limits, BodyBudget budget, List<StreamedBodies> streamed) {
        this.limits = limits;
        this.budget = budget;
        this.streamed = streamed;
    }

    @Override
    protected void doFilter(HttpServletRequest request, HttpServletResponse response, FilterChain chain)
            throws ServletException, IOException {
        boolean isStreamed = streamed.stream().anyMatch(bodies -> bodies.covers(request.getRequestURI()));
        if (!isStreamed && request.getContentLengthLong() > limits.maxBodySize().toBytes()) {
            var rejected = BodyRejected.tooLarge(limits.maxBodySize());
            ProblemWriter.write(request, response, rejected.problem(), rejected.detail());
            return;
        }
        UnreadBody rest = UnreadBody.of(request);
        if (rest == null) {
            chain.doFilter(request, response);
            return;
        }
        var limited = new Limited(request, rest, isStreamed);
        try {
            chain.doFilter(limited, response);
        } finally {
            limited.giveBack();
        }
    }

    /** Has the same body, however often it is asked for. */
    private final class Limited extends HttpServletRequestWrapper {

        private final UnreadBody rest;
        private final boolean isStreamed;
        private @Nullable LimitedBody body;

        Limited(HttpServletRequest request, UnreadBody rest, boolean isStreamed) {
            super(request);
            this.rest = rest;
            this.isStreamed = isStreamed;
        }

        @Override
        public ServletInputStream getInputStream() throws IOException {
            if (body == null) {
                ServletInputStream arriving = super.getInputStream();
                body = isStreamed
                        ? new StreamedBody(arriving, rest, limits.bodyTimeout(), budget)
                        : new WholeBody(arriving, rest, getContentLengthLong(), limits, budget);
            }
            return body;
        }

        void giveBack() {
            if (body != null) {
                body.giveBack();
            }
        }
    }
}
