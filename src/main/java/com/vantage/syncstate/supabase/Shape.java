package com.vantage.syncstate.supabase;

import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.http.InvalidMediaTypeException;
import org.springframework.http.MediaType;
import org.springframework.util.MimeTypeUtils;

/** The forms in which rows are answered. */
enum Shape {
    ARRAY("application/json; charset=utf-8"),
    OBJECT("application/vnd.pgrst.object+json; charset=utf-8");

    private static final MediaType ONE = MediaType.parseMediaType("application/vnd.pgrst.object+json");

    private final String contentType;

    Shape(String contentType) {
        this.contentType = contentType;
    }

    String contentType() {
        return contentType;
    }

    /**
     * The first that the caller accepts.
     *
     * @throws Refusal 406 where there is none
     */
    static Shape of(@Nullable String accept) {
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
            throw unavailable(accept);
        }
        throw unavailable(accept);
    }

    private static Refusal unavailable(String accept) {
        return new Refusal(406, "PGRST107", "None of these media types are available: " + accept);
    }
}
