package com.vantage.syncstate.security;

import com.vantage.syncstate.error.ProblemType;
import com.vantage.syncstate.http.ErrorFormat;
import com.vantage.syncstate.http.ProblemWriter;
import jakarta.servlet.http.HttpServletRequest;
import org.springframework.security.web.firewall.FirewalledRequest;
import org.springframework.security.web.firewall.RequestRejectedException;
import org.springframework.security.web.firewall.StrictHttpFirewall;
import org.springframework.stereotype.Component;

/**
 * Rejects what no handler could read, before one tries: methods that none has, queries that are not percent-encoded
 * UTF-8, and media types that cannot be parsed. The server has seen to the path.
 */
@Component
class RequestFirewall extends StrictHttpFirewall {

    RequestFirewall() {
        // Rejected below, as what it is.
        setUnsafeAllowAnyHttpMethod(true);
        // They would be checked as a handler reads them, in the middle of a call. Handlers cope with any text, and the
        // server has seen to control characters.
        setAllowedHeaderValues(value -> true);
        setAllowedParameterNames(name -> true);
    }

    @Override
    public FirewalledRequest getFirewalledRequest(HttpServletRequest request) {
        if (!ProblemWriter.METHODS.contains(request.getMethod())) {
            throw new Rejection(
                    ProblemType.METHOD_NOT_ALLOWED,
                    "Allowed in this service: " + String.join(", ", ProblemWriter.METHODS) + ".");
        }
        // For what it checks; the request that it returns checks what has been allowed above.
        super.getFirewalledRequest(request);
        String query = request.getQueryString();
        if (query != null && !readsOwnQuery(request) && !isReadable(query)) {
            throw new Rejection(
                    ProblemType.INVALID_REQUEST,
                    "The query string is not percent-encoded UTF-8, has a control character, or a value without a name."
                            + " Write a percent sign as %25.");
        }
        return new NegotiableRequest(request, MediaTypeHeaders.of(request));
    }

    /** PostgREST takes what is no escape as it is. */
    private static boolean readsOwnQuery(HttpServletRequest request) {
        return request.getAttribute(ErrorFormat.ATTRIBUTE) instanceof ErrorFormat own && own.readsOwnQuery();
    }

    /** Whether the server, which reads parameters as someone asks for the first of them, will not fail there. */
    private static boolean isReadable(String query) {
        return PercentEncoding.isText(query) && !query.startsWith("=") && !query.contains("&=");
    }

    /** A request that is rejected for another reason than its path. */
    static final class Rejection extends RequestRejectedException {

        private final ProblemType type;

        /** @param detail what is wrong and what to do about it */
        Rejection(ProblemType type, String detail) {
            super(detail);
            this.type = type;
        }

        ProblemType type() {
            return type;
        }
    }
}
