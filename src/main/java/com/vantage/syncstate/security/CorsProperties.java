package com.vantage.syncstate.security;

import com.vantage.syncstate.config.UnusableSettingException;
import java.util.List;
import java.util.regex.Pattern;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * Which pages' scripts may call from a browser.
 *
 * @param allowedOrigins origins such as {@code https://app.example.com}, or {@code *} for any; empty for none
 */
@ConfigurationProperties("vantage.cors")
record CorsProperties(@DefaultValue("*") List<String> allowedOrigins) {

    private static final Pattern ORIGIN = Pattern.compile("\\*|[a-z][a-z0-9+.-]*://[^/?#\\s]+");

    CorsProperties {
        allowedOrigins = KeyProperties.stripped(allowedOrigins);
        for (String origin : allowedOrigins) {
            if (!ORIGIN.matcher(origin).matches()) {
                throw new UnusableSettingException(
                        "vantage.cors.allowed-origins has '" + origin + "', which is not an origin",
                        "Give scheme and host, and the port unless it is the default, for example"
                                + " https://app.example.com,http://localhost:3000");
            }
        }
    }
}
