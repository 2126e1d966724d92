package com.vantage.syncstate.security;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.bucket4j.TimeMeter;
import java.time.Duration;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** How many requests a caller may make, and when again. */
class RateLimitTest {

    private static final Caller ONE = new Caller("one", null);

    private final Watch watch = new Watch();

    @Test
    void letsSoManyPassAtOnceAndSaysWhenTheNextMay() {
        RateLimit limit = limit(3, Duration.ofSeconds(30));

        assertThat(IntStream.range(0, 3))
                .allSatisfy(i -> assertThat(limit.take(ONE)).isZero());
        assertThat(limit.take(ONE)).isEqualTo(Duration.ofSeconds(10));
    }

    @Test
    void grantsThemAnewAsTimePasses() {
        RateLimit limit = limit(3, Duration.ofSeconds(30));
        IntStream.range(0, 3).forEach(i -> limit.take(ONE));

        watch.pass(Duration.ofSeconds(10));

        assertThat(limit.take(ONE)).isZero();
        assertThat(limit.take(ONE)).isEqualTo(Duration.ofSeconds(10));
    }

    @Test
    void countsNoneThatItRefuses() {
        RateLimit limit = limit(1, Duration.ofSeconds(10));
        IntStream.range(0, 100).forEach(i -> limit.take(ONE));

        watch.pass(Duration.ofSeconds(10));

        assertThat(limit.take(ONE)).isZero();
    }

    @Test
    void keepsCallersApart() {
        RateLimit limit = limit(1, Duration.ofSeconds(10));
        limit.take(ONE);

        assertThat(limit.take(new Caller("two", null))).isZero();
    }

    @Test
    void letsAnyNumberPassWhereNoneIsConfigured() {
        RateLimit none = limit(null, Duration.ofSeconds(10));

        assertThat(none.isOn()).isFalse();
        assertThat(IntStream.range(0, 1000))
                .allSatisfy(i -> assertThat(none.take(ONE)).isZero());
    }

    /** A caller with many subjects may begin anew, but takes no more memory than this. */
    @Test
    void remembersSoManyCallersAndNoMore() {
        RateLimit limit = limit(1, Duration.ofDays(1));

        IntStream.range(0, 30_000).forEach(i -> limit.take(new Caller("caller " + i, null)));

        assertThat(limit.callers()).isLessThanOrEqualTo(10_000);
    }

    private RateLimit limit(@Nullable Integer requests, Duration period) {
        return new RateLimit(new RateLimitProperties(requests, period), watch);
    }

    /** Stands still, until a test lets time pass. */
    private static final class Watch implements TimeMeter {

        private long nanos;

        void pass(Duration time) {
            nanos += time.toNanos();
        }

        @Override
        public long currentTimeNanos() {
            return nanos;
        }

        @Override
        public boolean isWallClockBased() {
            return false;
        }
    }
}
