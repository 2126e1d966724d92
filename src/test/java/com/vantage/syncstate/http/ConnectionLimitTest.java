package com.vantage.syncstate.http;

import static org.assertj.core.api.Assertions.assertThat;

import com.vantage.syncstate.support.ApiClient;
import com.vantage.syncstate.support.ServiceInstance;
import com.vantage.syncstate.support.TestDatabase;
import org.apache.coyote.AbstractProtocol;
import org.junit.jupiter.api.Test;
import org.springframework.boot.tomcat.TomcatWebServer;
import org.springframework.boot.web.server.context.WebServerApplicationContext;

/** Connections take a quarter of the heap at most, and probes can have a port that they do not share with callers. */
class ConnectionLimitTest {

    @Test
    void growsWithTheHeapUpToThatOfTheServer() {
        assertThat(ConnectionLimit.connections(256L << 20)).isEqualTo(1024);
        assertThat(ConnectionLimit.connections(1L << 30)).isEqualTo(4096);
        assertThat(ConnectionLimit.connections(64L << 30)).isEqualTo(8192);
    }

    @Test
    void holdsUnlessAnotherIsSet() {
        try (var usual = ServiceInstance.on(TestDatabase.create());
                var other = ServiceInstance.on(TestDatabase.create(), "--server.tomcat.max-connections=77")) {
            assertThat(connections(usual))
                    .isEqualTo(ConnectionLimit.connections(Runtime.getRuntime().maxMemory()));
            assertThat(connections(other)).isEqualTo(77);
        }
    }

    @Test
    void leavesAPortOfTheirOwnToProbes() {
        try (var service = ServiceInstance.on(TestDatabase.create(), "--management.server.port=0")) {
            String port = service.context().getEnvironment().getProperty("local.management.port");
            ApiClient probe = ApiClient.at("http://127.0.0.1:" + port);

            assertThat(probe.get("/actuator/health/liveness").status()).isEqualTo(200);
            assertThat(probe.get("/actuator/health/readiness").status()).isEqualTo(200);
            assertThat(probe.get("/actuator/prometheus").problem()).isEqualTo("unauthenticated");
            assertThat(probe.key(ServiceInstance.KEY)
                            .get("/actuator/prometheus")
                            .status())
                    .isEqualTo(200);
            assertThat(service.api().get("/actuator/prometheus").status()).isEqualTo(404);
        }
    }

    private static int connections(ServiceInstance service) {
        var server = (TomcatWebServer) ((WebServerApplicationContext) service.context()).getWebServer();
        return ((AbstractProtocol<?>) server.getTomcat().getConnector().getProtocolHandler()).getMaxConnections();
    }
}
