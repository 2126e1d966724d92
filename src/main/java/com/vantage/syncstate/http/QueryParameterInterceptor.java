package com.vantage.syncstate.http;

import com.vantage.syncstate.error.InvalidRequest;
import jakarta.servlet.DispatcherType;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.lang.reflect.Method;
import java.lang.reflect.Parameter;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Collectors;
import org.springframework.stereotype.Component;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.method.HandlerMethod;
import org.springframework.web.servlet.HandlerInterceptor;
import org.springframework.web.util.UriComponentsBuilder;
import org.springframework.web.util.UriUtils;

/** Rejects query parameters that are unknown to a handler, and ones given twice: a typing error is not ignored. */
@Component
class QueryParameterInterceptor implements HandlerInterceptor {

    private final ConcurrentHashMap<Method, Set<String>> known = new ConcurrentHashMap<>();

    @Override
    public boolean preHandle(HttpServletRequest request, HttpServletResponse response, Object handler) {
        String query = request.getQueryString();
        if (query == null
                || query.isEmpty()
                // The handler of errors answers for an address that has parameters of its own.
                || request.getDispatcherType() == DispatcherType.ERROR
                || !(handler instanceof HandlerMethod method)
                || method.getBeanType().isAnnotationPresent(ReadsOwnQuery.class)) {
            return true;
        }
        Set<String> parameters = known.computeIfAbsent(method.getMethod(), QueryParameterInterceptor::of);
        UriComponentsBuilder.newInstance().query(query).build().getQueryParams().forEach((name, values) -> {
            String decoded = decode(name);
            if (!parameters.contains(decoded)) {
                throw InvalidRequest.parameter(
                        decoded,
                        "is unknown; "
                                + (parameters.isEmpty()
                                        ? "this endpoint has no parameters"
                                        : "expected one of " + String.join(", ", parameters)));
            }
            if (values.size() > 1) {
                throw InvalidRequest.parameter(decoded, "must be given once, as a comma-separated list");
            }
        });
        return true;
    }

    private static Set<String> of(Method handler) {
        return Arrays.stream(handler.getParameters())
                .filter(parameter -> parameter.isAnnotationPresent(RequestParam.class))
                .map(QueryParameterInterceptor::nameOf)
                .collect(Collectors.toCollection(TreeSet::new));
    }

    private static String nameOf(Parameter parameter) {
        String name = parameter.getAnnotation(RequestParam.class).name();
        return name.isEmpty() ? parameter.getName() : name;
    }

    private static String decode(String name) {
        try {
            return UriUtils.decode(name, StandardCharsets.UTF_8);
        } catch (IllegalArgumentException e) {
            throw new InvalidRequest("The query string is not percent-encoded correctly.", List.of());
        }
    }
}
