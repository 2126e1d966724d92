package com.vantage.syncstate.security;

import com.github.benmanes.caffeine.cache.Caffeine;
import com.github.benmanes.caffeine.cache.LoadingCache;
import io.github.bucket4j.Bucket;
import io.github.bucket4j.TimeMeter;
import jakarta.servlet.http.HttpServletResponse;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.http.HttpHeaders;
import org.springframework.stereotype.Component;

/** Counts the requests of each caller against what they may make. Where none is configured there is no limit. */
@Component
public final class RateLimit {

    /** Of so many at most it is known what they have made: those who were silent longest begin anew. */
    private static final int MAX_CALLERS = 10_000;

    private final @Nullable LoadingCache<String, Bucket> callers;

    @Autowired
    RateLimit(RateLimitProperties limit) {
        this(limit, TimeMeter.SYSTEM_NANOTIME);
    }

    RateLimit(RateLimitProperties limit, TimeMeter clock) {
        Integer requests = limit.requests();
        callers = requests == null
                ? null
                : Caffeine.newBuilder()
                        .maximumSize(MAX_CALLERS)
                        // After a period in which they made none, they may make all of them.
                        .expireAfterAccess(limit.period())
                        .build(caller -> Bucket.builder()
                                .withCustomTimePrecision(clock)
                                .addLimit(rate -> rate.capacity(requests).refillGreedy(requests, limit.period()))
                                .build());
    }

    boolean isOn() {
        return callers != null;
    }

    /** Of how many callers it is known now what they have made. */
    long callers() {
        if (callers == null) {
            return 0;
        }
        callers.cleanUp();
        return callers.estimatedSize();
    }

    /**
     * Counts one request, or says when to make it again.
     *
     * @return why it is refused; null where it is not
     */
    public @Nullable String refuse(Caller caller, HttpServletResponse response) {
        Duration wait = take(caller);
        if (wait.isZero()) {
            return null;
        }
        long seconds = wait.plusSeconds(1).minusNanos(1).toSeconds();
        response.setHeader(HttpHeaders.RETRY_AFTER, String.valueOf(seconds));
        return "This key or subject has made as many requests as it may (vantage.rate-limit.requests). Call again after "
                + seconds + " s, as Retry-After says: nothing was done.";
    }

    /**
     * Counts one request.
     *
     * @return for how long its caller has to wait until they may make it; zero where they may now
     */
    Duration take(Caller caller) {
        if (callers == null) {
            return Duration.ZERO;
        }
        var taken = callers.get(caller.id()).tryConsumeAndReturnRemaining(1);
        return taken.isConsumed() ? Duration.ZERO : Duration.ofNanos(taken.getNanosToWaitForRefill());
    }
}
