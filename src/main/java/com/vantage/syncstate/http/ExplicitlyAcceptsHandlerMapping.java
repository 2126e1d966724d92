package com.vantage.syncstate.http;

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

/** Maps requests to handlers as the framework does, and respects {@link ExplicitlyAccepts}. */
final class ExplicitlyAcceptsHandlerMapping extends RequestMappingHandlerMapping {

    @Override
    protected @Nullable RequestCondition<?> getCustomMethodCondition(Method method) {
        ExplicitlyAccepts accepts = AnnotationUtils.findAnnotation(method, ExplicitlyAccepts.class);
        return accepts == null ? null : new Named(MediaType.parseMediaType(accepts.value()));
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
