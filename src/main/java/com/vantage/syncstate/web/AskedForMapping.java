package com.vantage.syncstate.web;

import jakarta.servlet.http.HttpServletRequest;
import java.lang.reflect.Method;
import java.util.Collections;
import org.jspecify.annotations.Nullable;
import org.springframework.core.annotation.AnnotationUtils;
import org.springframework.http.HttpHeaders;
import org.springframework.http.InvalidMediaTypeException;
import org.springframework.http.MediaType;
import org.springframework.web.servlet.mvc.condition.RequestCondition;
import org.springframework.web.servlet.mvc.method.annotation.RequestMappingHandlerMapping;

/** Maps requests to handlers as the framework does, and minds {@link AskedFor}. */
final class AskedForMapping extends RequestMappingHandlerMapping {

    @Override
    protected @Nullable RequestCondition<?> getCustomMethodCondition(Method method) {
        AskedFor asked = AnnotationUtils.findAnnotation(method, AskedFor.class);
        return asked == null ? null : new Named(MediaType.parseMediaType(asked.value()));
    }

    /**
     * Holds where the media type is named.
     *
     * @param type without parameters
     */
    private record Named(MediaType type) implements RequestCondition<Named> {

        @Override
        public Named combine(Named other) {
            return other;
        }

        @Override
        public @Nullable Named getMatchingCondition(HttpServletRequest request) {
            try {
                return MediaType.parseMediaTypes(Collections.list(request.getHeaders(HttpHeaders.ACCEPT))).stream()
                                .anyMatch(type::equalsTypeAndSubtype)
                        ? this
                        : null;
            } catch (InvalidMediaTypeException e) {
                return null;
            }
        }

        @Override
        public int compareTo(Named other, HttpServletRequest request) {
            return 0;
        }
    }
}
