package com.vantage.syncstate.supabase;

import com.vantage.syncstate.sync.StorableJson;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;
import org.springframework.http.InvalidMediaTypeException;
import org.springframework.http.MediaType;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * The body of a request: one JSON object, or several with the same keys.
 *
 * @param many whether it is an array
 * @param keys of its objects
 */
record Payload(JsonNode json, boolean many, Set<String> keys) {

    private static final JsonMapper JSON = JsonMapper.builder()
            .enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS)
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            .build();

    /** A function's arguments where there are none. */
    static final Payload NONE = new Payload(JSON.createObjectNode(), false, Set.of());

    /** @throws Refusal 400 for anything else */
    static Payload read(byte[] body, @Nullable String contentType) {
        if (contentType != null && !isJson(contentType)) {
            throw Refusal.body("Content-Type not acceptable: " + contentType);
        }
        JsonNode json = parse(body);
        if (json.isObject()) {
            return new Payload(json, false, new TreeSet<>(json.propertyNames()));
        }
        List<JsonNode> rows = json.isArray() ? List.copyOf(json.values()) : List.of(json);
        Set<String> keys =
                rows.isEmpty() ? Set.of() : new LinkedHashSet<>(rows.get(0).propertyNames());
        for (JsonNode row : rows) {
            if (!row.isObject() || !Set.copyOf(row.propertyNames()).equals(keys)) {
                throw Refusal.body("All object keys must match");
            }
        }
        return new Payload(json, true, new TreeSet<>(keys));
    }

    /** As {@link #read} where the keys that count are given, and need not be the same in every row. */
    static Payload read(byte[] body, @Nullable String contentType, List<String> columns) {
        if (contentType != null && !isJson(contentType)) {
            throw Refusal.body("Content-Type not acceptable: " + contentType);
        }
        JsonNode json = parse(body);
        boolean rows = json.isArray() && json.valueStream().allMatch(JsonNode::isObject);
        if (!json.isObject() && !rows) {
            throw Refusal.body("All object keys must match");
        }
        return new Payload(json, json.isArray(), new TreeSet<>(columns));
    }

    /** The first object alone. */
    Payload first() {
        return many && json.size() > 0 ? new Payload(json.get(0), false, keys) : this;
    }

    boolean isEmpty() {
        return many && json.isEmpty();
    }

    /** The JSON as PostgreSQL can store it. */
    String asText() {
        return StorableJson.of(json);
    }

    private static JsonNode parse(byte[] body) {
        try {
            JsonNode json = JSON.readTree(body);
            if (json == null || json.isMissingNode()) {
                throw Refusal.body("Empty or invalid json");
            }
            return json;
        } catch (JacksonException e) {
            throw Refusal.body("Empty or invalid json");
        }
    }

    private static boolean isJson(String contentType) {
        try {
            MediaType type = MediaType.parseMediaType(contentType);
            return type.equalsTypeAndSubtype(MediaType.APPLICATION_JSON)
                    || (type.getType().equals("application")
                            && type.getSubtype().startsWith("vnd.pgrst.")
                            && type.getSubtype().endsWith("+json"));
        } catch (InvalidMediaTypeException e) {
            return false;
        }
    }
}
