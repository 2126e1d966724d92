package com.vantage.syncstate.security;

import com.vantage.syncstate.error.ProblemType;
import com.vantage.syncstate.security.RequestFirewall.Rejection;
import jakarta.servlet.http.HttpServletRequest;
import java.util.Collections;
import java.util.Enumeration;
import java.util.List;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpHeaders;
import org.springframework.http.InvalidMediaTypeException;
import org.springframework.http.MediaType;

/**
 * The media types of a request, such that no handler fails over them.
 *
 * @param accept without charsets, for JSON is UTF-8; null for anything
 * @param contentType that of unknown bytes where the one sent is none
 */
record MediaTypeHeaders(@Nullable String accept, @Nullable String contentType) {

    /** The framework sorts no more. */
    private static final int MAX_MEDIA_TYPES = 50;

    private static final Pattern CHARSET =
            Pattern.compile(";\\s*charset\\s*=\\s*(?:\"[^\"]*\"|[^\";,]*)", Pattern.CASE_INSENSITIVE);

    /** Reads the headers; rejects a request whose answer would have to be in an unknown type. */
    static MediaTypeHeaders of(HttpServletRequest request) {
        return new MediaTypeHeaders(
                accept(request.getHeaders(HttpHeaders.ACCEPT)), contentType(request.getContentType()));
    }

    private static @Nullable String accept(@Nullable Enumeration<String> lines) {
        if (lines == null || !lines.hasMoreElements()) {
            return null;
        }
        String types =
                CHARSET.matcher(String.join(",", Collections.list(lines))).replaceAll("");
        try {
            List<MediaType> parsed = MediaType.parseMediaTypes(types);
            if (parsed.size() <= MAX_MEDIA_TYPES) {
                return parsed.isEmpty() ? null : types;
            }
        } catch (InvalidMediaTypeException e) {
            // Rejected below, like a list that is too long.
        }
        throw new Rejection(
                ProblemType.NOT_ACCEPTABLE,
                "The header Accept is not a list of at most " + MAX_MEDIA_TYPES
                        + " media types. Send, for example, Accept: application/json.");
    }

    private static @Nullable String contentType(@Nullable String sent) {
        if (sent == null || sent.isBlank()) {
            return null;
        }
        try {
            return MediaType.parseMediaType(sent).isConcrete() ? sent : MediaType.APPLICATION_OCTET_STREAM_VALUE;
        } catch (InvalidMediaTypeException e) {
            return MediaType.APPLICATION_OCTET_STREAM_VALUE;
        }
    }
}
