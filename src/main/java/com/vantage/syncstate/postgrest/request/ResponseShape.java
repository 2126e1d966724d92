package com.vantage.syncstate.postgrest.request;

import com.vantage.syncstate.postgrest.error.PostgrestError;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.http.InvalidMediaTypeException;
import org.springframework.http.MediaType;
import org.springframework.util.MimeTypeUtils;

/** The forms in which rows are answered. */
public enum ResponseShape {
    ARRAY("application/json; charset=utf-8"),
    OBJECT("application/vnd.pgrst.object+json; charset=utf-8");

    private static final MediaType ONE = MediaType.parseMediaType("application/vnd.pgrst.object+json");

    private final String contentType;

    ResponseShape(String contentType) {
        this.contentType = contentType;
    }

    public String contentType() {
        return contentType;
    }

    /**
     * The first that the caller accepts.
     *
     * @throws PostgrestError 406 where there is none
     */
    public static ResponseShape of(@Nullable String accept) {
        if (accept == null || accept.isBlank()) {
            return ARRAY;
        }
        try {
            List<MediaType> accepted = MediaType.parseMediaTypes(accept);
            MimeTypeUtils.sortBySpecificity(accepted);
            for (MediaType type : accepted) {
                if (type.equalsTypeAndSubtype(ONE) && type.getParameter("nulls") == null) {
                    return OBJECT;
                }
                if (type.includes(MediaType.APPLICATION_JSON)) {
                    return ARRAY;
                }
            }
        } catch (InvalidMediaTypeException e) {
            // Rejected below, like every type that there is not.
        }
        throw new PostgrestError(406, "PGRST107", "None of these media types are available: " + accept);
    }
}
