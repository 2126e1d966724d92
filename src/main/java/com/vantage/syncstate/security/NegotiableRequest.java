package com.vantage.syncstate.security;

import jakarta.servlet.http.HttpServletRequest;
import java.util.Collections;
import java.util.Enumeration;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpHeaders;
import org.springframework.security.web.firewall.FirewalledRequest;

/** A request as it was sent, but for its media types. */
final class NegotiableRequest extends FirewalledRequest {

    private final MediaTypeHeaders types;

    NegotiableRequest(HttpServletRequest sent, MediaTypeHeaders types) {
        super(sent);
        this.types = types;
    }

    @Override
    public void reset() {
        // Nothing is withheld from those behind the chain.
    }

    @Override
    public @Nullable String getContentType() {
        return types.contentType();
    }

    @Override
    public @Nullable String getHeader(String name) {
        if (HttpHeaders.ACCEPT.equalsIgnoreCase(name)) {
            return types.accept();
        }
        return HttpHeaders.CONTENT_TYPE.equalsIgnoreCase(name) ? types.contentType() : super.getHeader(name);
    }

    @Override
    public Enumeration<String> getHeaders(String name) {
        if (HttpHeaders.ACCEPT.equalsIgnoreCase(name) || HttpHeaders.CONTENT_TYPE.equalsIgnoreCase(name)) {
            String value = getHeader(name);
            return value == null ? Collections.emptyEnumeration() : Collections.enumeration(List.of(value));
        }
        return super.getHeaders(name);
    }
}
