package com.vantage.syncstate.live;

import com.vantage.syncstate.config.UnusableSettingException;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * The streams of states, and how many may be open at a time. A stream takes about 128 KiB of the heap, nearly all of it for
 * its connection.
 *
 * @param heartbeat after how long a quiet stream gets a comment, so that proxies keep it open; for example {@code 15s}
 * @param maxStreams for the service; as many as a quarter of the heap holds, unless given
 * @param maxStreamsPerCaller for one key, or for one subject of tokens; half of the above, unless given
 */
@ConfigurationProperties("vantage.live")
record LiveProperties(
        @DefaultValue("15s") Duration heartbeat,
        @Nullable Integer maxStreams,
        @Nullable Integer maxStreamsPerCaller) {

    private static final int BYTES_OF_STREAM = 128 * 1024;

    LiveProperties {
        if (heartbeat.compareTo(Duration.ofSeconds(1)) < 0) {
            throw new UnusableSettingException(
                    "vantage.live.heartbeat is " + heartbeat + "; it must be at least a second",
                    "Set it to a duration such as 15s");
        }
        requirePositive("max-streams", maxStreams);
        requirePositive("max-streams-per-caller", maxStreamsPerCaller);
    }

    int streams() {
        return maxStreams == null
                ? Math.max(1, (int) (Runtime.getRuntime().maxMemory() / 4 / BYTES_OF_STREAM))
                : maxStreams;
    }

    int streamsPerCaller() {
        return maxStreamsPerCaller == null ? Math.max(1, streams() / 2) : maxStreamsPerCaller;
    }

    private static void requirePositive(String name, @Nullable Integer value) {
        if (value != null && value < 1) {
            throw new UnusableSettingException(
                    "vantage.live." + name + " is " + value + "; it must be positive",
                    "Set it to a number such as 500");
        }
    }
}
