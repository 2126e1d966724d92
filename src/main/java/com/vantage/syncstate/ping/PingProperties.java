package com.vantage.syncstate.ping;

import com.vantage.syncstate.config.UnusableSettingException;
import java.util.List;
import java.util.regex.Pattern;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * The keys of those who ping.
 *
 * @param ping keys in the addresses that jobs ping, each as it is (at least 16 of {@code A-Z a-z 0-9 _ -}, no UUID) or as {@code
 *     sha256:<64 hex digits>}
 */
@ConfigurationProperties("vantage.keys")
record PingProperties(@DefaultValue List<String> ping) {

    private static final Pattern KEY = Pattern.compile("[A-Za-z0-9_-]{16,200}|sha256:.*");

    /** The clients of the protocol take it for the address of one check. */
    private static final Pattern UUID = Pattern.compile("\\p{XDigit}{8}(-\\p{XDigit}{4}){3}-\\p{XDigit}{12}");

    PingProperties {
        ping = ping.stream().map(String::strip).filter(key -> !key.isEmpty()).toList();
        if (!ping.stream()
                .allMatch(
                        key -> KEY.matcher(key).matches() && !UUID.matcher(key).matches())) {
            throw new UnusableSettingException(
                    "A value of vantage.keys.ping cannot stand in an address that clients understand",
                    "Set it to 16 to 200 of A-Z a-z 0-9 _ -, and not to a UUID; `openssl rand -hex 24` prints a suitable"
                            + " value");
        }
    }

    /** Never the keys themselves: records print what they hold. */
    @Override
    public String toString() {
        return ping.size() + " ping keys";
    }
}
