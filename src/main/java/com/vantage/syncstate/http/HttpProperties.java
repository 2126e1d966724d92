package com.vantage.syncstate.http;

import com.vantage.syncstate.config.UnusableSettingException;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.util.unit.DataSize;

/**
 * Limits of a request.
 *
 * @param maxBodySize largest body that is read, for example {@code 1MB}
 */
@ConfigurationProperties("vantage.http")
record HttpProperties(
        @DefaultValue(HttpProperties.MAX_BODY_SIZE) DataSize maxBodySize) {

    static final String MAX_BODY_SIZE = "1MB";

    HttpProperties {
        if (maxBodySize.toBytes() <= 0) {
            throw new UnusableSettingException(
                    "vantage.http.max-body-size is " + maxBodySize + "; it must be positive",
                    "Set it to a size such as " + MAX_BODY_SIZE);
        }
    }
}
