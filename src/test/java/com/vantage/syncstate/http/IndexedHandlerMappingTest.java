package com.vantage.syncstate.http;

import static org.assertj.core.api.Assertions.assertThat;

import com.vantage.syncstate.support.ApiTest;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.context.ApplicationContext;
import org.springframework.mock.web.MockHttpServletRequest;
import org.springframework.web.method.HandlerMethod;
import org.springframework.web.servlet.HandlerExecutionChain;
import org.springframework.web.servlet.HandlerMapping;
import org.springframework.web.servlet.mvc.method.annotation.RequestMappingHandlerMapping;
import org.springframework.web.util.ServletRequestPathUtils;

/** Each request gets the handler that it gets from the framework, or the same error. */
class IndexedHandlerMappingTest extends ApiTest {

    private static final List<String> METHODS = List.of("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS");

    @Autowired
    private IndexedHandlerMapping indexed;

    @Autowired
    private ApplicationContext application;

    @Test
    void findsTheHandlerOfEveryAddressAsTheFrameworkDoes() {
        RequestMappingHandlerMapping usual = usual();

        List<String> addresses = indexed.getHandlerMethods().keySet().stream()
                .flatMap(info -> info.getPatternValues().stream())
                .map(pattern -> pattern.replaceAll("\\{[^}]*}", "a").replace("**", "a/b"))
                .distinct()
                .toList();

        assertThat(addresses).hasSizeGreaterThan(40).contains("/sync-states/a", "/rest/v1/rpc/a");
        assertThat(addresses)
                .allSatisfy(address -> assertThat(all(indexed, address))
                        .isEqualTo(all(usual, address))
                        .anyMatch(handler -> handler.contains("#")));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "/",
                "/nothing",
                "/sync-states/",
                "/sync-states//",
                "/sync-states/a/b",
                "/sync-states/a/",
                "/sync-states/a;b=c",
                "/sync-states/a%2Fb",
                "/sync%2Dstates/a",
                "/SYNC-STATES/a",
                "//sync-states/a",
                "/rest/v1/a/b/c",
                "/rest/v2",
                "/badges/a/b.svg",
                "/badges/a/b",
                "/ping/a/b/c/d/e"
            })
    void findsNoOtherForAnUnusualAddress(String address) {
        assertThat(all(indexed, address)).isEqualTo(all(usual(), address));
    }

    private RequestMappingHandlerMapping usual() {
        var usual = new RequestMappingHandlerMapping();
        usual.setApplicationContext(application);
        indexed.getHandlerMethods()
                .forEach((info, handler) -> usual.registerMapping(info, handler.getBean(), handler.getMethod()));
        return usual;
    }

    /** What becomes of a request with each method, of one who accepts JSON. */
    private static List<String> all(HandlerMapping mapping, String address) {
        return METHODS.stream()
                .flatMap(method -> Stream.of("application/json", "text/plain")
                        .map(accept -> method + " " + accept + " " + outcome(mapping, method, address, accept)))
                .toList();
    }

    private static String outcome(HandlerMapping mapping, String method, String address, String accept) {
        var request = new MockHttpServletRequest(method, address);
        request.addHeader("Accept", accept);
        request.setContentType("application/json");
        ServletRequestPathUtils.parseAndCache(request);
        try {
            HandlerExecutionChain found = mapping.getHandler(request);
            return found == null
                    ? "none"
                    : ((HandlerMethod) found.getHandler()).getShortLogMessage() + " "
                            + request.getAttribute(HandlerMapping.BEST_MATCHING_PATTERN_ATTRIBUTE)
                            + request.getAttribute(HandlerMapping.URI_TEMPLATE_VARIABLES_ATTRIBUTE);
        } catch (Exception e) {
            return e.toString();
        }
    }
}
