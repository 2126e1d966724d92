package com.vantage.syncstate.http;

import com.vantage.syncstate.support.RawHttp.Answer;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/**
 * One operation, and what a valid request to it looks like.
 *
 * @param path with the names of its parameters in braces
 * @param queries the names of its query parameters, each with a value
 * @param body all that it may have; null where it takes none
 * @param statuses that it may answer with; empty where no document says
 * @param isOpen whether it needs no key
 */
record DocumentedOperation(
        String method,
        String path,
        Map<String, String> queries,
        @Nullable ObjectNode body,
        Set<String> statuses,
        boolean isOpen) {

    private static final JsonMapper JSON = new JsonMapper();

    /** Values for parameters of paths, and for those of queries whose example would make the service wait. */
    private static final Map<String, String> VALUES = Map.of(
            "resource", "accounts",
            "code", "x",
            "name", "x",
            "day", "2026-11-29",
            "slug", "forbidden",
            "wait", "PT0.1S");

    private static final String UUID = "0b9ff6a3-5f0e-4b7c-9f60-2a3a5a0c9d11";

    /** What supabase-js may call, which no document of ours describes. */
    private static final List<String> OF_POSTGREST = List.of(
            "POST /rest/v1/rpc/start_vantage_sync {\"p_resource\":\"accounts\",\"p_run_id\":null,\"p_force\":true}",
            "POST /rest/v1/rpc/progress_vantage_sync {\"p_resource\":\"accounts\",\"p_records\":1,\"p_total\":2,\"p_run_id\":null}",
            "POST /rest/v1/rpc/complete_vantage_sync {\"p_resource\":\"accounts\",\"p_records_synced\":1,\"p_records_created\":1,\"p_records_updated\":1,\"p_run_id\":null,\"p_watermark\":\"2026-11-22T05:30:00Z\"}",
            "POST /rest/v1/rpc/fail_vantage_sync {\"p_resource\":\"accounts\",\"p_errors\":[{\"code\":\"A\",\"message\":\"b\"}],\"p_run_id\":null}",
            "POST /rest/v1/vantage_sync_state {\"resource\":\"accounts\",\"records_synced\":1,\"errors\":[],\"stuck_after\":\"PT1H\",\"last_sync_time\":null}",
            "PATCH /rest/v1/vantage_sync_state?resource=eq.accounts {\"last_sync_status\":\"running\",\"started_at\":\"2026-11-22T05:30:00Z\"}");

    static List<DocumentedOperation> of(JsonNode document) {
        List<DocumentedOperation> operations = new ArrayList<>();
        document.get("paths")
                .properties()
                .forEach(path -> path.getValue()
                        .properties()
                        .forEach(operation -> operations.add(of(
                                document,
                                operation.getKey().toUpperCase(Locale.ROOT),
                                path.getKey(),
                                operation.getValue()))));
        return List.copyOf(operations);
    }

    static List<DocumentedOperation> ofPostgrest() {
        return OF_POSTGREST.stream()
                .map(call -> call.split(" ", 3))
                .map(call -> new DocumentedOperation(
                        call[0], call[1], Map.of(), (ObjectNode) JSON.readTree(call[2]), Set.of(), false))
                .toList();
    }

    private static DocumentedOperation of(JsonNode document, String method, String path, JsonNode operation) {
        JsonNode schema = operation.at("/requestBody/content/application~1json/schema");
        return new DocumentedOperation(
                method,
                path,
                operation
                        .path("parameters")
                        .valueStream()
                        .filter(parameter -> parameter.get("in").asString().equals("query"))
                        .collect(Collectors.toMap(
                                parameter -> parameter.get("name").asString(),
                                parameter -> value(document, parameter))),
                schema.isMissingNode()
                        ? null
                        : sample(document, schema, 0) instanceof ObjectNode object ? object : null,
                Set.copyOf(operation.get("responses").propertyNames()),
                operation.has("security") && operation.get("security").isEmpty());
    }

    private static String value(JsonNode document, JsonNode parameter) {
        String known = VALUES.get(parameter.get("name").asString());
        return known != null
                ? known
                : parameter.has("example")
                        ? parameter.get("example").asString()
                        : sample(document, parameter.get("schema"), 0).asString("x");
    }

    /** One that the schema describes, with all of its properties. */
    private static JsonNode sample(JsonNode document, JsonNode schema, int depth) {
        if (schema.has("$ref")) {
            return sample(document, document.at(schema.get("$ref").asString().substring(1)), depth);
        }
        if (schema.has("example")) {
            return schema.get("example");
        }
        for (String alternatives : List.of("anyOf", "oneOf", "allOf")) {
            if (schema.has(alternatives)) {
                return sample(document, schema.get(alternatives).get(0), depth);
            }
        }
        JsonNode types = schema.path("type");
        String type = types.isArray() ? types.get(0).asString() : types.asString("object");
        JsonNodeFactory nodes = JsonNodeFactory.instance;
        return switch (type) {
            case "string" -> nodes.stringNode(text(schema));
            case "integer", "number" -> nodes.numberNode(1);
            case "boolean" -> nodes.booleanNode(true);
            case "array" -> {
                ArrayNode array = nodes.arrayNode();
                yield depth < 5 && schema.has("items")
                        ? array.add(sample(document, schema.get("items"), depth + 1))
                        : array;
            }
            default -> {
                ObjectNode object = nodes.objectNode();
                if (depth < 5) {
                    schema.path("properties")
                            .properties()
                            .forEach(property ->
                                    object.set(property.getKey(), sample(document, property.getValue(), depth + 1)));
                }
                yield object;
            }
        };
    }

    private static String text(JsonNode schema) {
        if (schema.has("enum")) {
            return schema.get("enum").get(0).asString();
        }
        return switch (schema.path("format").asString("")) {
            case "date-time" -> "2026-11-22T05:30:00Z";
            case "date" -> "2026-11-22";
            case "uuid" -> UUID;
            default -> "x";
        };
    }

    /** Method and address, with a value for each parameter of the path. */
    String call() {
        return call(Map.of());
    }

    /** With these values, which are encoded, in place of the usual ones. */
    String call(Map<String, String> values) {
        String address = path;
        for (String name : pathParameters()) {
            address = address.replace("{" + name + "}", values.getOrDefault(name, VALUES.getOrDefault(name, UUID)));
        }
        return method + " " + address;
    }

    List<String> pathParameters() {
        return java.util.regex.Pattern.compile("\\{([^}]+)}")
                .matcher(path)
                .results()
                .map(match -> match.group(1))
                .toList();
    }

    boolean documents(Answer answer) {
        return statuses.isEmpty() || statuses.contains(String.valueOf(answer.status()));
    }

    @Override
    public String toString() {
        return method + " " + path;
    }
}
