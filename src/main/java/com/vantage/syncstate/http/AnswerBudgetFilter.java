package com.vantage.syncstate.http;

import com.vantage.syncstate.http.Share.Claim;
import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.ServletOutputStream;
import jakarta.servlet.WriteListener;
import jakarta.servlet.http.HttpFilter;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import jakarta.servlet.http.HttpServletResponseWrapper;
import java.io.IOException;
import java.util.Set;
import org.springframework.stereotype.Component;

/**
 * Holds large answers to their budget. They are written in one piece, which ends when the last of it has left. What a write
 * has done is answered in any case.
 */
@Component
class AnswerBudgetFilter extends HttpFilter {

    private static final Set<String> READS = Set.of("GET", "HEAD");

    private final AnswerBudget budget;

    AnswerBudgetFilter(AnswerBudget budget) {
        this.budget = budget;
    }

    @Override
    protected void doFilter(HttpServletRequest request, HttpServletResponse response, FilterChain chain)
            throws ServletException, IOException {
        if (!READS.contains(request.getMethod())) {
            chain.doFilter(request, response);
            return;
        }
        chain.doFilter(request, new HttpServletResponseWrapper(response) {
            @Override
            public ServletOutputStream getOutputStream() throws IOException {
                return new BudgetedStream(super.getOutputStream(), request);
            }
        });
    }

    private final class BudgetedStream extends ServletOutputStream {

        private final ServletOutputStream answer;
        private final HttpServletRequest request;

        BudgetedStream(ServletOutputStream answer, HttpServletRequest request) {
            this.answer = answer;
            this.request = request;
        }

        @Override
        public void write(int part) throws IOException {
            answer.write(part);
        }

        @Override
        public void write(byte[] part, int offset, int length) throws IOException {
            if (length <= AnswerBudget.LARGE) {
                answer.write(part, offset, length);
                return;
            }
            Claim claim = budget.claim(request.getUserPrincipal() != null, length);
            try {
                answer.write(part, offset, length);
            } finally {
                claim.close();
            }
        }

        @Override
        public void flush() throws IOException {
            answer.flush();
        }

        @Override
        public void close() throws IOException {
            answer.close();
        }

        @Override
        public boolean isReady() {
            return answer.isReady();
        }

        @Override
        public void setWriteListener(WriteListener listener) {
            answer.setWriteListener(listener);
        }
    }
}
