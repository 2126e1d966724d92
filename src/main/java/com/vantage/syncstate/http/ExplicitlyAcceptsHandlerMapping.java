package com.vantage.syncstate.http;

import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpServletRequest;
import java.lang.reflect.Method;
import java.util.Collections;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.springframework.core.annotation.AnnotationUtils;
import org.springframework.http.HttpHeaders;
import org.springframework.http.InvalidMediaTypeException;
import org.springframework.http.MediaType;
import org.springframework.web.HttpMediaTypeNotAcceptableException;
import org.springframework.web.method.HandlerMethod;
import org.springframework.web.servlet.mvc.condition.RequestCondition;
import org.springframework.web.servlet.mvc.method.RequestMappingInfo;

/** Maps requests to handlers as the framework does, and respects {@link ExplicitlyAccepts}. */
final class ExplicitlyAcceptsHandlerMapping extends IndexedHandlerMapping {

    @Override
    protected @Nullable RequestCondition<?> getCustomMethodCondition(Method method) {
        ExplicitlyAccepts accepts = AnnotationUtils.findAnnotation(method, ExplicitlyAccepts.class);
        return accepts == null ? null : new Named(MediaType.parseMediaType(accepts.value()));
    }

    /** Where such a handler would do but for its name in {@code Accept}, the framework takes the address for unknown. */
    @Override
    protected @Nullable HandlerMethod handleNoMatch(
            Set<RequestMappingInfo> mappings, String path, HttpServletRequest request) throws ServletException {
        HandlerMethod handler = super.handleNoMatch(mappings, path, request);
        if (handler != null) {
            return handler;
        }
        List<RequestMappingInfo> here = mappings.stream()
                .filter(mapping -> mapping.getActivePatternsCondition().getMatchingCondition(request) != null)
                .toList();
        if (here.stream().noneMatch(mapping -> mapping.getCustomCondition() instanceof Named)) {
            return null;
        }
        throw new HttpMediaTypeNotAcceptableException(here.stream()
                .flatMap(mapping -> mapping.getProducesCondition().getProducibleMediaTypes().stream())
                .toList());
    }

    /**
     * Holds where the media type is named, and preferred to JSON: generated clients name all that a handler offers, and
     * read JSON.
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
                List<MediaType> accepted =
                        MediaType.parseMediaTypes(Collections.list(request.getHeaders(HttpHeaders.ACCEPT)));
                double quality = quality(accepted, type);
                return quality > 0 && quality > quality(accepted, MediaType.APPLICATION_JSON) ? this : null;
            } catch (InvalidMediaTypeException e) {
                return null;
            }
        }

        /** 0 where it is not named. */
        private static double quality(List<MediaType> accepted, MediaType type) {
            return accepted.stream()
                    .filter(type::equalsTypeAndSubtype)
                    .mapToDouble(MediaType::getQualityValue)
                    .max()
                    .orElse(0);
        }

        @Override
        public int compareTo(Named other, HttpServletRequest request) {
            return 0;
        }
    }
}
