package com.vantage.syncstate.security;

import com.vantage.syncstate.error.ProblemType;
import com.vantage.syncstate.http.ProblemWriter;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import org.jspecify.annotations.Nullable;
import org.springframework.http.server.ServerHttpResponse;
import org.springframework.web.cors.CorsConfiguration;
import org.springframework.web.cors.DefaultCorsProcessor;

/** Rejects scripts of other pages with a problem, where the framework has a line of plain text. */
final class ProblemCorsProcessor extends DefaultCorsProcessor {

    @Override
    public boolean processRequest(
            @Nullable CorsConfiguration rules, HttpServletRequest request, HttpServletResponse response)
            throws IOException {
        boolean passes = super.processRequest(rules, request, response);
        if (!passes) {
            ProblemWriter.write(
                    request,
                    response,
                    ProblemType.FORBIDDEN,
                    "Scripts of this origin may not call, or not with this method. Allow the origin with"
                            + " vantage.cors.allowed-origins.");
        }
        return passes;
    }

    /** Leaves the answer to the caller, who has the request. */
    @Override
    protected void rejectRequest(ServerHttpResponse response) {}
}
