package com.vantage.syncstate.security;

import java.util.List;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * API keys, each as it is or as {@code sha256:<64 hex digits>}; several of a kind, so that one can be replaced while the
 * other still works.
 *
 * @param service keys that read and write
 * @param reader keys that read
 */
@ConfigurationProperties("vantage.keys")
public record KeyProperties(
        @DefaultValue List<String> service, @DefaultValue List<String> reader) {

    public KeyProperties {
        service = stripped(service);
        reader = stripped(reader);
    }

    /** Without what is blank: a list may end in a comma, or be set to nothing. */
    static List<String> stripped(List<String> values) {
        return values.stream()
                .map(String::strip)
                .filter(value -> !value.isEmpty())
                .toList();
    }

    boolean isEmpty() {
        return service.isEmpty() && reader.isEmpty();
    }

    /** Never the keys themselves: records print what they hold. */
    @Override
    public String toString() {
        return service.size() + " service keys, " + reader.size() + " reader keys";
    }
}
