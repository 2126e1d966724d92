package com.vantage.syncstate.http;

import static org.assertj.core.api.Assertions.assertThat;

import com.vantage.syncstate.support.ApiTest;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.mock.web.MockHttpServletRequest;
import org.springframework.web.servlet.HandlerMapping;
import org.springframework.web.util.ServletRequestPathUtils;

/** An address where nothing is costs no search for it. */
class UnknownAddressTest extends ApiTest {

    @Autowired
    private List<HandlerMapping> mappings;

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
}
