package com.vantage.syncstate.notify;

import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * Who watches the watcher.
 *
 * @param heartbeatUrl what is called once a minute while the alerts are evaluated, for a service that raises an alarm when
 *     it is not; it may hold a secret, and is shown nowhere
 * @param heartbeatAllowPrivate whether that may lead to a private address, and need not be HTTPS
 */
@ConfigurationProperties("vantage.notify")
record HeartbeatProperties(
        @Nullable String heartbeatUrl,
        @DefaultValue("false") boolean heartbeatAllowPrivate) {

    /** Without what is secret. */
    @Override
    public String toString() {
        return "HeartbeatProperties";
    }
}
