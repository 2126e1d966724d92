package com.vantage.syncstate.http;

import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.databind.DeserializationContext;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.ValueDeserializer;
import tools.jackson.databind.module.SimpleModule;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/**
 * Reads any JSON. A number whose exponent no decimal of Java has becomes its text: Jackson's own reader refuses all of the
 * body over it.
 */
public final class JsonTreeDeserializer extends ValueDeserializer<JsonNode> {

    private static final Pattern UNREADABLE_EXPONENT = Pattern.compile("[^eE]+[eE][+-]?0*[1-9][0-9]{9,}");
    private static final JsonNodeFactory NODES = JsonNodeFactory.instance;

    /** A module for mappers that the framework does not make. */
    public static SimpleModule module() {
        return new SimpleModule("trees").addDeserializer(JsonNode.class, new JsonTreeDeserializer());
    }

    @Override
    public JsonNode deserialize(JsonParser json, DeserializationContext context) {
        return switch (json.currentToken()) {
            case START_OBJECT -> object(json, context);
            case START_ARRAY -> array(json, context);
            case VALUE_STRING -> NODES.stringNode(json.getString());
            case VALUE_NUMBER_INT -> NODES.numberNode(json.getBigIntegerValue());
            case VALUE_NUMBER_FLOAT -> decimal(json);
            case VALUE_TRUE -> NODES.booleanNode(true);
            case VALUE_FALSE -> NODES.booleanNode(false);
            case VALUE_NULL -> NODES.nullNode();
            default -> (JsonNode) context.handleUnexpectedToken(context.constructType(JsonNode.class), json);
        };
    }

    @Override
    public JsonNode getNullValue(DeserializationContext context) {
        return NODES.nullNode();
    }

    /** What is left out is not null. */
    @Override
    public @Nullable JsonNode getAbsentValue(DeserializationContext context) {
        return null;
    }

    private ObjectNode object(JsonParser json, DeserializationContext context) {
        ObjectNode object = NODES.objectNode();
        for (String name = json.nextName(); name != null; name = json.nextName()) {
            json.nextToken();
            object.set(name, deserialize(json, context));
        }
        return object;
    }

    private ArrayNode array(JsonParser json, DeserializationContext context) {
        ArrayNode array = NODES.arrayNode();
        while (json.nextToken() != JsonToken.END_ARRAY) {
            array.add(deserialize(json, context));
        }
        return array;
    }

    private static JsonNode decimal(JsonParser json) {
        String text = json.getString();
        return UNREADABLE_EXPONENT.matcher(text).matches()
                ? NODES.stringNode(text)
                : NODES.numberNode(json.getDecimalValue());
    }
}
