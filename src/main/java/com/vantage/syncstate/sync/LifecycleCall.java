package com.vantage.syncstate.sync;

import java.sql.Types;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;
import tools.jackson.databind.util.RawValue;

/** A call of a function of the lifecycle: as a statement of its own, or as one of many calls in a batch. */
final class LifecycleCall {

    /** Of the errors of a failure: a call with a long report goes alone. */
    private static final int MAX_CHARACTERS_TOGETHER = 16_384;

    private final String name;
    private final String statement;
    private final String resource;
    private final List<Argument> arguments = new ArrayList<>();

    /**
     * @param name {@code start}, {@code complete}, …
     * @param statement that makes this call alone, with its arguments as parameters
     */
    LifecycleCall(String name, String statement, String resource) {
        this.name = name;
        this.statement = statement;
        this.resource = resource;
    }

    String resource() {
        return resource;
    }

    String statement() {
        return statement;
    }

    List<Argument> arguments() {
        return arguments;
    }

    LifecycleCall with(String key, @Nullable UUID value) {
        return with(new Argument(key, value, Types.OTHER));
    }

    LifecycleCall with(String key, @Nullable Integer value) {
        return with(new Argument(key, value, Types.INTEGER));
    }

    LifecycleCall with(String key, @Nullable String value) {
        return with(new Argument(key, value, Types.VARCHAR));
    }

    LifecycleCall with(String key, boolean value) {
        return with(new Argument(key, value, Types.BOOLEAN));
    }

    LifecycleCall withJson(String key, String json) {
        return with(new Argument(key, new RawValue(json), Types.VARCHAR));
    }

    private LifecycleCall with(Argument argument) {
        arguments.add(argument);
        return this;
    }

    boolean fitsBatch() {
        return arguments.stream()
                .noneMatch(argument -> argument.value instanceof RawValue json
                        && json.rawValue().toString().length() > MAX_CHARACTERS_TOGETHER);
    }

    /** As {@code batch_vantage_sync} takes it. */
    ObjectNode json() {
        ObjectNode json =
                JsonNodeFactory.instance.objectNode().put("call", name).put("resource", resource);
        for (Argument argument : arguments) {
            Object value = argument.value;
            if (value instanceof RawValue raw) {
                json.putRawValue(argument.key, raw);
            } else if (value instanceof Integer number) {
                json.put(argument.key, number);
            } else if (value instanceof Boolean flag) {
                json.put(argument.key, flag);
            } else if (value != null) {
                json.put(argument.key, value.toString());
            }
        }
        return json;
    }

    /** Of a function; none for its default. */
    record Argument(String key, @Nullable Object value, int type) {

        /** As a parameter of the statement. */
        @Nullable
        Object parameter() {
            return value instanceof RawValue json ? json.rawValue() : value;
        }
    }
}
