package com.vantage.syncstate.http;

import jakarta.servlet.FilterChain;
import jakarta.servlet.ReadListener;
import jakarta.servlet.ServletException;
import jakarta.servlet.ServletInputStream;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletRequestWrapper;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.net.SocketTimeoutException;
import java.time.Duration;
import org.springframework.stereotype.Component;
import org.springframework.util.unit.DataSize;
import org.springframework.web.filter.OncePerRequestFilter;

/**
 * Rejects a body over the limit, by its declared length or, where none is declared, as it is read; and one that does not
 * arrive in time, which would hold a thread for as long as it trickles.
 */
@Component
class BodyLimitFilter extends OncePerRequestFilter {

    static final String DEFAULT_LIMIT = "1MB";

    private final HttpProperties limits;

    BodyLimitFilter(HttpProperties properties) {
        limits = properties;
    }

    @Override
    protected void doFilterInternal(HttpServletRequest request, HttpServletResponse response, FilterChain chain)
            throws ServletException, IOException {
        DataSize limit = limit(request);
        if (request.getContentLengthLong() > limit.toBytes()) {
            var rejected = BodyRejected.tooLarge(limit);
            ProblemWriter.write(request, response, rejected.problem(), rejected.detail());
            return;
        }
        chain.doFilter(UnreadBody.of(request) == null ? request : limited(request, limit), response);
    }

    private DataSize limit(HttpServletRequest request) {
        DataSize usual = limits.maxBodySize();
        return request.getAttribute(ErrorFormat.ATTRIBUTE) instanceof ErrorFormat own ? own.maxBodySize(usual) : usual;
    }

    private HttpServletRequest limited(HttpServletRequest request, DataSize limit) {
        return new HttpServletRequestWrapper(request) {
            @Override
            public ServletInputStream getInputStream() throws IOException {
                return new LimitedStream(super.getInputStream(), limit, limits.bodyTimeout());
            }
        };
    }

    /** Ends in {@link BodyRejected} at the first byte past the limit, or after the time. */
    private static final class LimitedStream extends ServletInputStream {

        private final ServletInputStream body;
        private final DataSize limit;
        private final Duration timeout;
        private final long deadline;
        private long read;

        LimitedStream(ServletInputStream body, DataSize limit, Duration timeout) {
            this.body = body;
            this.limit = limit;
            this.timeout = timeout;
            this.deadline = System.nanoTime() + timeout.toNanos();
        }

        @Override
        public int read() throws IOException {
            var next = new byte[1];
            return read(next, 0, 1) < 0 ? -1 : next[0] & 0xff;
        }

        @Override
        public int read(byte[] buffer, int offset, int length) throws IOException {
            int got;
            try {
                got = body.read(buffer, offset, length);
            } catch (SocketTimeoutException e) {
                throw BodyRejected.tooLate(timeout);
            }
            read += Math.max(got, 0);
            if (read > limit.toBytes()) {
                throw BodyRejected.tooLarge(limit);
            }
            if (got >= 0 && System.nanoTime() - deadline > 0) {
                throw BodyRejected.tooLate(timeout);
            }
            return got;
        }

        @Override
        public boolean isFinished() {
            return body.isFinished();
        }

        @Override
        public boolean isReady() {
            return body.isReady();
        }

        @Override
        public void setReadListener(ReadListener listener) {
            body.setReadListener(listener);
        }
    }
}
