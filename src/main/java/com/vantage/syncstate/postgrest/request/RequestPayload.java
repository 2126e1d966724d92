package com.vantage.syncstate.postgrest.request;

import com.vantage.syncstate.http.JsonTreeDeserializer;
import com.vantage.syncstate.postgrest.error.PostgrestError;
import com.vantage.syncstate.sync.StorableJson;
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
public record RequestPayload(JsonNode json, boolean many, Set<String> keys) {

    private static final JsonMapper JSON = JsonMapper.builder()
            .addModule(JsonTreeDeserializer.module())
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            .build();

    /** A function's arguments where there are none. */
    public static final RequestPayload NONE = new RequestPayload(JSON.createObjectNode(), false, Set.of());

    /**
     * Reads a body.
     *
     * @param columns the keys that count; null for those of the objects, which then must all have the same
     * @throws PostgrestError 400 for anything else
     */
    public static RequestPayload read(byte[] body, @Nullable String contentType, @Nullable List<String> columns) {
        if (contentType != null && !isJson(contentType)) {
            throw PostgrestError.body("Content-Type not acceptable: " + contentType);
        }
        JsonNode json = parse(body);
        List<JsonNode> rows = json.isArray() ? List.copyOf(json.values()) : List.of(json);
        Set<String> first = rows.isEmpty() ? Set.of() : Set.copyOf(rows.get(0).propertyNames());
        for (JsonNode row : rows) {
            if (!row.isObject()
                    || (columns == null && !Set.copyOf(row.propertyNames()).equals(first))) {
                throw PostgrestError.body("All object keys must match");
            }
        }
        return new RequestPayload(json, json.isArray(), new TreeSet<>(columns == null ? first : columns));
    }

    /** The first object alone. */
    public RequestPayload first() {
        return many && json.size() > 0 ? new RequestPayload(json.get(0), false, keys) : this;
    }

    public boolean isEmpty() {
        return many && json.isEmpty();
    }

    /** The JSON as PostgreSQL can store it. */
    public String asText() {
        return StorableJson.of(json);
    }

    private static JsonNode parse(byte[] body) {
        try {
            JsonNode json = JSON.readTree(body);
            if (json == null || json.isMissingNode()) {
                throw PostgrestError.body("Empty or invalid json");
            }
            return json;
        } catch (JacksonException e) {
            throw PostgrestError.body("Empty or invalid json");
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
