package com.vantage.syncstate.http;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.time.temporal.ChronoUnit;
import java.util.Random;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.module.SimpleModule;

/** Times are printed by hand, and read as the JDK prints them. */
class MicrosecondSerializerTest {

    private static final DateTimeFormatter MICROSECONDS =
            DateTimeFormatter.ofPattern("uuuu-MM-dd'T'HH:mm:ss.SSSSSS'Z'").withZone(ZoneOffset.UTC);

    private static final Instant FIRST = Instant.parse("0000-01-01T00:00:00Z");
    private static final Instant LAST = Instant.parse("9999-12-31T23:59:59.999999999Z");

    private final JsonMapper json = JsonMapper.builder()
            .addModule(new SimpleModule().addSerializer(Instant.class, new MicrosecondSerializer()))
            .build();

    @ParameterizedTest
    @CsvSource({
        "2026-11-22T05:30:00.123456Z,    2026-11-22T05:30:00.123456Z",
        "2026-11-22T05:30:00Z,           2026-11-22T05:30:00.000000Z",
        "2026-11-22T05:30:00.1Z,         2026-11-22T05:30:00.100000Z",
        "2026-11-22T05:30:00.000001Z,    2026-11-22T05:30:00.000001Z",
        "2026-11-22T05:30:00.999999999Z, 2026-11-22T05:30:00.999999Z",
        "1969-12-31T23:59:59.999999Z,    1969-12-31T23:59:59.999999Z",
        "0001-01-01T00:00:00Z,           0001-01-01T00:00:00.000000Z",
        "0000-02-29T23:59:59Z,           0000-02-29T23:59:59.000000Z",
        "9999-12-31T23:59:59.999999Z,    9999-12-31T23:59:59.999999Z",
        "+10000-01-01T00:00:00Z,         +10000-01-01T00:00:00Z",
        "-0001-12-31T23:59:59.5Z,        -0001-12-31T23:59:59.500Z",
        "-4713-11-24T00:00:00Z,          -4713-11-24T00:00:00Z",
        "+294276-12-31T23:59:59.999999Z, +294276-12-31T23:59:59.999999Z"
    })
    void printsMicroseconds(Instant time, String text) {
        assertThat(json.writeValueAsString(time)).isEqualTo('"' + text + '"');
        assertThat(new String(json.writeValueAsBytes(time), StandardCharsets.UTF_8))
                .isEqualTo('"' + text + '"');
        assertThat(json.valueToTree(time).asString()).isEqualTo(text);
    }

    /** As the driver gives {@code infinity}. */
    @Test
    void printsTheEndOfTime() {
        assertThat(json.writeValueAsString(Instant.MAX)).isEqualTo("\"+1000000000-12-31T23:59:59.999999999Z\"");
        assertThat(json.writeValueAsString(Instant.MIN)).isEqualTo("\"-1000000000-01-01T00:00:00Z\"");
    }

    /** The calendar begins anew after 400 years. */
    @ParameterizedTest
    @ValueSource(strings = {"0000-01-01T00:00:00Z", "1800-01-01T00:00:00Z", "9600-01-01T00:00:00Z"})
    void printsEveryDayOf400YearsAsTheJdkDoes(Instant from) {
        Stream<Instant> times = IntStream.range(0, 146_097)
                .mapToObj(day -> from.plus(day, ChronoUnit.DAYS).plusSeconds(day * 7_919L % 86_400));

        assertThat(times.filter(this::isPrintedOtherwise)).isEmpty();
    }

    @Test
    void printsAnyTimeAsTheJdkDoes() {
        long seed = new Random().nextLong();
        Stream<Instant> times = new Random(seed)
                .longs(200_000, FIRST.getEpochSecond(), LAST.getEpochSecond() + 1)
                .mapToObj(second -> Instant.ofEpochSecond(second, Math.floorMod(second * 7_919, 1_000_000_000)));

        assertThat(times.filter(this::isPrintedOtherwise)).as("seed %d", seed).isEmpty();
    }

    private boolean isPrintedOtherwise(Instant time) {
        String printed = new String(json.writeValueAsBytes(time), StandardCharsets.UTF_8);
        return !printed.equals('"' + MICROSECONDS.format(time) + '"');
    }
}
