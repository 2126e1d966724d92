package com.vantage.syncstate.http;

import com.vantage.syncstate.error.ProblemType;
import jakarta.servlet.FilterChain;
import jakarta.servlet.ReadListener;
import jakarta.servlet.ServletException;
import jakarta.servlet.ServletInputStream;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletRequestWrapper;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import org.springframework.stereotype.Component;
import org.springframework.util.unit.DataSize;
import org.springframework.web.filter.OncePerRequestFilter;

/** Rejects a body over the limit, by its declared length or, where none is declared, as it is read. */
@Component
class BodyLimitFilter extends OncePerRequestFilter {

    static final String DEFAULT_LIMIT = "1MB";

    private final DataSize limit;

    BodyLimitFilter(HttpProperties properties) {
        limit = properties.maxBodySize();
    }

    @Override
    protected void doFilterInternal(HttpServletRequest request, HttpServletResponse response, FilterChain chain)
            throws ServletException, IOException {
        if (request.getContentLengthLong() > limit.toBytes()) {
            ProblemWriter.write(request, response, ProblemType.PAYLOAD_TOO_LARGE, PayloadTooLarge.detail(limit));
            return;
        }
        chain.doFilter(request.getContentLengthLong() >= 0 ? request : counted(request), response);
    }

    @Override
    protected boolean shouldNotFilter(HttpServletRequest request) {
        return request.getAttribute(ErrorFormat.ATTRIBUTE) instanceof ErrorFormat own && own.readsAnyBody();
    }

    private HttpServletRequest counted(HttpServletRequest request) {
        return new HttpServletRequestWrapper(request) {
            @Override
            public ServletInputStream getInputStream() throws IOException {
                return new CountedStream(super.getInputStream(), limit);
            }
        };
    }

    /** Ends in {@link PayloadTooLarge} at the first byte past the limit. */
    private static final class CountedStream extends ServletInputStream {

        private final ServletInputStream body;
        private final DataSize limit;
        private long read;

        CountedStream(ServletInputStream body, DataSize limit) {
            this.body = body;
            this.limit = limit;
        }

        @Override
        public int read() throws IOException {
            int next = body.read();
            count(next < 0 ? 0 : 1);
            return next;
        }

        @Override
        public int read(byte[] buffer, int offset, int length) throws IOException {
            int got = body.read(buffer, offset, length);
            count(Math.max(got, 0));
            return got;
        }

        private void count(int bytes) throws PayloadTooLarge {
            read += bytes;
            if (read > limit.toBytes()) {
                throw new PayloadTooLarge(limit);
            }
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
