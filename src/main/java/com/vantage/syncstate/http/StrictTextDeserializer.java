package com.vantage.syncstate.http;

import java.time.DateTimeException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.temporal.ChronoUnit;
import java.util.UUID;
import java.util.function.Function;
import java.util.regex.Pattern;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.databind.DeserializationContext;
import tools.jackson.databind.ValueDeserializer;

/** Reads a value from the one format that the API defines for it; Jackson's own readers also accept numbers and Base64. */
final class StrictTextDeserializer<T> extends ValueDeserializer<T> {

    private static final Pattern UUID_TEXT =
            Pattern.compile("\\p{XDigit}{8}-\\p{XDigit}{4}-\\p{XDigit}{4}-\\p{XDigit}{4}-\\p{XDigit}{12}");

    private final Class<T> type;
    private final Function<String, T> reading;

    StrictTextDeserializer(Class<T> type, Function<String, T> reading) {
        this.type = type;
        this.reading = reading;
    }

    @Override
    public T deserialize(JsonParser json, DeserializationContext context) {
        if (json.hasToken(JsonToken.VALUE_STRING)) {
            try {
                return reading.apply(json.getString());
            } catch (DateTimeException | IllegalArgumentException e) {
                return context.reportInputMismatch(type, "not a %s", type.getSimpleName());
            }
        }
        return context.reportInputMismatch(type, "not a string");
    }

    /** To the microsecond that PostgreSQL keeps, and never later than the text says. */
    static Instant time(String text) {
        OffsetDateTime time = OffsetDateTime.parse(text);
        if (time.getYear() < 1 || time.getYear() > 9999) {
            throw new DateTimeException("out of range");
        }
        return time.toInstant().truncatedTo(ChronoUnit.MICROS);
    }

    static UUID uuid(String text) {
        if (!UUID_TEXT.matcher(text).matches()) {
            throw new IllegalArgumentException("no UUID");
        }
        return UUID.fromString(text);
    }
}
