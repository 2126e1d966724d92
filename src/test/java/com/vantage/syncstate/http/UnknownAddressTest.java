package com.vantage.syncstate.http;

import static org.assertj.core.api.Assertions.assertThat;

import com.vantage.syncstate.support.ApiClient;
import com.vantage.syncstate.support.ApiTest;
import jakarta.servlet.http.HttpServletRequest;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.context.annotation.Import;
import org.springframework.core.PriorityOrdered;
import org.springframework.mock.web.MockHttpServletRequest;
import org.springframework.web.servlet.HandlerExecutionChain;
import org.springframework.web.servlet.HandlerMapping;
import org.springframework.web.util.ServletRequestPathUtils;

/** An address where nothing is costs no search for it, least of all a caller without a key. */
@Import(UnknownAddressTest.Lookups.class)
class UnknownAddressTest extends ApiTest {

    @Autowired
    private List<HandlerMapping> mappings;

    @Autowired
    private Lookups lookups;

    @BeforeEach
    void forgetLookups() {
        lookups.addresses.clear();
    }

    @ParameterizedTest
    @ValueSource(strings = {"/nothing-here", "/a/b/c.html", "/dashboard/nothing.js", "/webjars/chart.js/nothing.js"})
    void hasNoHandlerThatLooksForAFile(String address) {
        assertThat(mappings).hasSizeGreaterThan(2).allSatisfy(mapping -> {
            var request = new MockHttpServletRequest("GET", address);
            ServletRequestPathUtils.parseAndCache(request);

            assertThat(mapping.getHandler(request)).isNull();
        });
    }

    @Test
    void isSaidNotToBeThere() {
        assertThat(reader.get("/nothing-here").problem()).isEqualTo("not-found");
        assertThat(anonymous.get("/dashboard/nothing.js").problem()).isEqualTo("not-found");
        assertThat(service.post("/nothing-here").problem()).isEqualTo("not-found");
        assertThat(service.post("/index.html").problem()).isEqualTo("method-not-allowed");
    }

    @Test
    void isNotLookedForWithoutAKey() {
        for (ApiClient caller : List.of(anonymous, anonymous.key("mistyped"))) {
            for (String address :
                    List.of("/nothing-here", "/a/b/c.html", "/webjars/nothing.js", "/sync-states/funds")) {
                assertThat(caller.get(address).status()).as(address).isEqualTo(401);
                assertThat(caller.post(address).status()).as(address).isEqualTo(401);
            }
        }

        assertThat(lookups.addresses).isEmpty();
    }

    @Test
    void isLookedForWithAKey() {
        reader.get("/nothing-here");

        assertThat(lookups.addresses).contains("/nothing-here");
    }

    /** Is asked before all others, and knows none. */
    static class Lookups implements HandlerMapping, PriorityOrdered {

        private final List<String> addresses = new CopyOnWriteArrayList<>();

        @Override
        public @Nullable HandlerExecutionChain getHandler(HttpServletRequest request) {
            addresses.add(request.getRequestURI());
            return null;
        }

        @Override
        public int getOrder() {
            return HIGHEST_PRECEDENCE;
        }
    }
}
