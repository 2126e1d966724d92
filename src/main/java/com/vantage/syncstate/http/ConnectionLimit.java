package com.vantage.syncstate.http;

import org.apache.coyote.AbstractProtocol;
import org.springframework.boot.tomcat.TomcatConnectorCustomizer;
import org.springframework.boot.tomcat.servlet.TomcatServletWebServerFactory;
import org.springframework.boot.web.server.WebServerFactoryCustomizer;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.env.Environment;

/**
 * Takes no more connections than a quarter of the heap holds: one whose request never ends holds its buffers, needs no key,
 * and the server's own limit of 8,192 would take twice a heap of 256 MiB. Those beyond wait until another is closed.
 */
@Configuration(proxyBeanMethods = false)
class ConnectionLimit {

    private static final int BYTES_OF_CONNECTION = 64 * 1024;
    private static final int MOST = 8192;
    private static final String PROPERTY = "server.tomcat.max-connections";

    @Bean
    static WebServerFactoryCustomizer<TomcatServletWebServerFactory> connectionsThatTheHeapHolds(Environment settings) {
        return factory -> {
            if (!settings.containsProperty(PROPERTY)) {
                factory.addConnectorCustomizers(
                        limit(connections(Runtime.getRuntime().maxMemory())));
            }
        };
    }

    static int connections(long heap) {
        return (int) Math.min(MOST, Math.max(1, heap / 4 / BYTES_OF_CONNECTION));
    }

    private static TomcatConnectorCustomizer limit(int connections) {
        return connector -> ((AbstractProtocol<?>) connector.getProtocolHandler()).setMaxConnections(connections);
    }
}
