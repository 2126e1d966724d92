package com.vantage.syncstate.http;

import jakarta.servlet.http.HttpServletRequest;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.springframework.core.Ordered;
import org.springframework.http.server.PathContainer;
import org.springframework.web.method.HandlerMethod;
import org.springframework.web.servlet.mvc.method.RequestMappingInfo;
import org.springframework.web.servlet.mvc.method.annotation.RequestMappingHandlerMapping;
import org.springframework.web.util.ServletRequestPathUtils;
import org.springframework.web.util.pattern.PathPattern;

/**
 * Finds the handler of a request among the few whose paths begin like its own and are as long.
 *
 * <p>The framework tries every mapping that has a variable in its path, each with method and headers before the path: a
 * quarter of what a read of one state cost. Which handler a request gets is the same.
 */
class IndexedHandlerMapping extends RequestMappingHandlerMapping {

    private static final int ANY_LENGTH = -1;
    private static final String ANY_SEGMENT = "";

    private final Map<Shape, List<Mapping>> mappings = new HashMap<>();

    /** Before those of the framework, none of which has an address of these. */
    @Override
    public int getOrder() {
        return Ordered.HIGHEST_PRECEDENCE;
    }

    @Override
    protected void handlerMethodsInitialized(Map<RequestMappingInfo, HandlerMethod> handlers) {
        super.handlerMethodsInitialized(handlers);
        handlers.forEach((info, handler) ->
                Objects.requireNonNull(info.getPathPatternsCondition()).getPatterns().stream()
                        .map(pattern -> new Mapping(pattern, info, handler))
                        .forEach(mapping -> mappings.computeIfAbsent(
                                        Shape.of(mapping.pattern()), shape -> new ArrayList<>())
                                .add(mapping)));
    }

    @Override
    protected @Nullable HandlerMethod lookupHandlerMethod(String lookupPath, HttpServletRequest request)
            throws Exception {
        PathContainer path =
                ServletRequestPathUtils.getParsedRequestPath(request).pathWithinApplication();
        Set<RequestMappingInfo> here = new LinkedHashSet<>();
        List<Mapping> matches = new ArrayList<>(2);
        for (Shape shape : Shape.of(Shape.firstSegment(path), path.elements().size())) {
            for (Mapping mapping : mappings.getOrDefault(shape, List.of())) {
                if (mapping.pattern().matches(path) && here.add(mapping.info())) {
                    RequestMappingInfo match = getMatchingMapping(mapping.info(), request);
                    if (match != null) {
                        matches.add(new Mapping(mapping.pattern(), match, mapping.handler()));
                    }
                }
            }
        }
        if (matches.isEmpty()) {
            return here.isEmpty() ? null : handleNoMatch(here, lookupPath, request);
        }
        if (matches.size() > 1) {
            Comparator<RequestMappingInfo> better = getMappingComparator(request);
            matches.sort((one, other) -> better.compare(one.info(), other.info()));
            if (better.compare(matches.get(0).info(), matches.get(1).info()) == 0) {
                // Says what is wrong with these.
                return super.lookupHandlerMethod(lookupPath, request);
            }
        }
        Mapping best = matches.get(0);
        request.setAttribute(BEST_MATCHING_HANDLER_ATTRIBUTE, best.handler());
        handleMatch(best.info(), lookupPath, request);
        return best.handler();
    }

    private record Mapping(PathPattern pattern, RequestMappingInfo info, HandlerMethod handler) {}

    /**
     * What paths have in common.
     *
     * @param first segment; empty for any
     * @param length number of segments and separators; {@link #ANY_LENGTH} for any
     */
    private record Shape(String first, int length) {

        /** All that a path may have been filed under. */
        static List<Shape> of(String first, int length) {
            return List.of(
                    new Shape(first, length),
                    new Shape(first, ANY_LENGTH),
                    new Shape(ANY_SEGMENT, length),
                    new Shape(ANY_SEGMENT, ANY_LENGTH));
        }

        static Shape of(PathPattern pattern) {
            String text = pattern.getPatternString();
            PathContainer path = PathContainer.parsePath(text);
            boolean isOfAnyLength = text.contains("**") || text.contains("{*");
            String first = firstSegment(path);
            boolean isAny = first.contains("{") || first.contains("*") || first.contains("?");
            return new Shape(
                    isAny ? ANY_SEGMENT : first,
                    isOfAnyLength ? ANY_LENGTH : path.elements().size());
        }

        static String firstSegment(PathContainer path) {
            List<PathContainer.Element> elements = path.elements();
            return elements.size() > 1 && elements.get(1) instanceof PathContainer.PathSegment segment
                    ? segment.valueToMatch()
                    : ANY_SEGMENT;
        }
    }
}
