package com.vantage.syncstate.sync;

import java.math.BigDecimal;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/**
 * Makes any JSON one that PostgreSQL's {@code jsonb} takes, so that a failing job does not lose its report over a detail.
 *
 * <p>NUL and lone surrogates become U+FFFD. A number with an exponent beyond what a double holds becomes a string:
 * {@code jsonb} would refuse it, or write it out in a hundred thousand digits at every read.
 */
public final class StorableJson {

    private static final char REPLACEMENT = '\uFFFD';
    /** Digits before the point of the largest double, and zeros after it of the smallest. */
    private static final int MAX_MAGNITUDE = 309;

    private static final int MIN_MAGNITUDE = -324;
    private static final int MAX_DECIMALS = 1_074;
    private static final JsonNodeFactory NODES = JsonNodeFactory.instance;

    private StorableJson() {}

    /** The text of it; {@code null} for none. */
    public static String of(@Nullable JsonNode json) {
        return json == null ? "null" : storable(json).toString();
    }

    private static JsonNode storable(JsonNode node) {
        if (node instanceof ObjectNode object) {
            ObjectNode copy = NODES.objectNode();
            object.properties().forEach(entry -> copy.set(text(entry.getKey()), storable(entry.getValue())));
            return copy;
        }
        if (node instanceof ArrayNode array) {
            ArrayNode copy = NODES.arrayNode(array.size());
            array.forEach(element -> copy.add(storable(element)));
            return copy;
        }
        if (node.isString()) {
            return NODES.stringNode(text(node.stringValue()));
        }
        return node.isNumber() && isUnwieldy(node.decimalValue()) ? NODES.stringNode(node.asString()) : node;
    }

    private static boolean isUnwieldy(BigDecimal number) {
        int magnitude = number.precision() - number.scale();
        return magnitude > MAX_MAGNITUDE || magnitude < MIN_MAGNITUDE || number.scale() > MAX_DECIMALS;
    }

    private static String text(String text) {
        StringBuilder clean = null;
        for (int at = 0; at < text.length(); at++) {
            char unit = text.charAt(at);
            boolean pair = Character.isHighSurrogate(unit)
                    && at + 1 < text.length()
                    && Character.isLowSurrogate(text.charAt(at + 1));
            if (pair) {
                at++;
            } else if (unit == 0 || Character.isSurrogate(unit)) {
                clean = clean == null ? new StringBuilder(text) : clean;
                clean.setCharAt(at, REPLACEMENT);
            }
        }
        return clean == null ? text : clean.toString();
    }
}
