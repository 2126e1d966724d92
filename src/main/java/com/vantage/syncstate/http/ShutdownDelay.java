package com.vantage.syncstate.http;

import java.time.Duration;
import org.apache.coyote.http11.AbstractHttp11Protocol;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.boot.autoconfigure.condition.ConditionalOnProperty;
import org.springframework.boot.tomcat.TomcatWebServer;
import org.springframework.boot.web.server.context.WebServerApplicationContext;
import org.springframework.context.SmartLifecycle;
import org.springframework.stereotype.Component;

/**
 * Goes on answering for a while once readiness is down, and closes each connection after its next answer: until whoever
 * balances the load has noticed, it sends requests here. An embedded database serves one instance, with nothing to balance.
 */
@Component
@ConditionalOnProperty("spring.datasource.url")
class ShutdownDelay implements SmartLifecycle {

    private static final Logger log = LoggerFactory.getLogger(ShutdownDelay.class);

    private final WebServerApplicationContext application;
    private final Duration delay;
    private volatile boolean running;

    ShutdownDelay(WebServerApplicationContext application, HttpProperties properties) {
        this.application = application;
        this.delay = properties.shutdownDelay();
    }

    @Override
    public void start() {
        running = true;
    }

    @Override
    public void stop() {
        running = false;
        if (delay.isZero() || !(application.getWebServer() instanceof TomcatWebServer server)) {
            return;
        }
        log.info("Readiness is down; requests are answered for {} s more", delay.toSeconds());
        if (server.getTomcat().getConnector().getProtocolHandler() instanceof AbstractHttp11Protocol<?> http) {
            http.setMaxKeepAliveRequests(1);
        }
        try {
            Thread.sleep(delay.toMillis());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    @Override
    public boolean isRunning() {
        return running;
    }

    /** Before all else ends, the streams included. */
    @Override
    public int getPhase() {
        return Integer.MAX_VALUE;
    }
}
