package com.vantage.syncstate.http;

import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import tools.jackson.core.JsonGenerator;
import tools.jackson.databind.SerializationContext;
import tools.jackson.databind.ValueSerializer;

/**
 * Writes times as {@code 2026-11-22T05:30:00.123456Z}: always six digits, so that texts sort as times do.
 *
 * <p>By hand, because printing times through {@code java.time.format} was measured as half the cost of a long list.
 */
final class MicrosecondSerializer extends ValueSerializer<Instant> {

    @Override
    public void serialize(Instant time, JsonGenerator json, SerializationContext context) {
        LocalDateTime utc = LocalDateTime.ofEpochSecond(time.getEpochSecond(), time.getNano(), ZoneOffset.UTC);
        if (utc.getYear() < 0 || utc.getYear() > 9999) {
            json.writeString(time.toString());
            return;
        }
        char[] text = "0000-00-00T00:00:00.000000Z".toCharArray();
        digits(text, 4, utc.getYear());
        digits(text, 7, utc.getMonthValue());
        digits(text, 10, utc.getDayOfMonth());
        digits(text, 13, utc.getHour());
        digits(text, 16, utc.getMinute());
        digits(text, 19, utc.getSecond());
        digits(text, 26, utc.getNano() / 1_000);
        json.writeString(text, 0, text.length);
    }

    /** Writes a number so that it ends before {@code end}, over the zeros that stand there. */
    private static void digits(char[] text, int end, int number) {
        for (int at = end - 1, rest = number; rest > 0; at--, rest /= 10) {
            text[at] = (char) ('0' + rest % 10);
        }
    }
}
