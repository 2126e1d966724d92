package com.vantage.syncstate.security;

import jakarta.servlet.http.HttpServletRequest;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.springframework.http.server.PathContainer;
import org.springframework.http.server.PathContainer.PathSegment;
import org.springframework.http.server.RequestPath;
import org.springframework.security.web.util.matcher.RequestMatcher;
import org.springframework.web.util.ServletRequestPathUtils;
import org.springframework.web.util.pattern.PathPattern;
import org.springframework.web.util.pattern.PathPatternParser;

/** Matches reads of some paths. Each request is tried, so only the patterns that begin with its first segment are. */
final class ReadMatcher implements RequestMatcher {

    private static final Set<String> METHODS = Set.of("GET", "HEAD");

    private final Map<String, List<PathPattern>> patterns = new HashMap<>();

    /** @param paths none of which has a variable in its first segment */
    ReadMatcher(String... paths) {
        for (String path : paths) {
            patterns.computeIfAbsent(firstSegment(PathContainer.parsePath(path)), first -> new ArrayList<>())
                    .add(PathPatternParser.defaultInstance.parse(path));
        }
    }

    /** Of any path. */
    static boolean isRead(HttpServletRequest request) {
        return METHODS.contains(request.getMethod());
    }

    @Override
    public boolean matches(HttpServletRequest request) {
        if (!isRead(request)) {
            return false;
        }
        RequestPath parsed = ServletRequestPathUtils.hasParsedRequestPath(request)
                ? ServletRequestPathUtils.getParsedRequestPath(request)
                : ServletRequestPathUtils.parse(request);
        PathContainer path = parsed.pathWithinApplication();
        List<PathPattern> candidates = patterns.get(firstSegment(path));
        return candidates != null && candidates.stream().anyMatch(pattern -> pattern.matches(path));
    }

    private static String firstSegment(PathContainer path) {
        List<PathContainer.Element> elements = path.elements();
        return elements.size() > 1 && elements.get(1) instanceof PathSegment segment ? segment.valueToMatch() : "";
    }
}
