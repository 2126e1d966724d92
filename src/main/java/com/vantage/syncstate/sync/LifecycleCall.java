package com.vantage.syncstate.sync;

import java.sql.Types;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.RowMapper;
import org.springframework.jdbc.core.simple.JdbcClient;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;
import tools.jackson.databind.util.RawValue;

/**
 * A call of a function of the lifecycle: in a statement of its own, or as one of many calls in a batch.
 *
 * @param <R> what it is answered with
 */
public final class LifecycleCall<R> {

    /** Of the errors of a failure: a call with a long report goes alone. */
    private static final int MAX_CHARACTERS_TOGETHER = 16_384;

    private final String name;
    private final String resource;
    private final Answer<R> answer;
    private final List<Argument> arguments = new ArrayList<>();
    private boolean registersAlone;

    /** @param name {@code start}, {@code complete}, … */
    public LifecycleCall(String name, String resource, Answer<R> answer) {
        this.name = name;
        this.resource = resource;
        this.answer = answer;
    }

    String resource() {
        return resource;
    }

    Answer<R> answer() {
        return answer;
    }

    /** Gives the statement that makes this call alone its parameters: the resource, and each argument by its key. */
    public JdbcClient.StatementSpec bindTo(JdbcClient.StatementSpec statement) {
        JdbcClient.StatementSpec bound = statement.param("resource", resource);
        for (Argument argument : arguments) {
            bound = bound.param(argument.key, argument.parameter(), argument.type);
        }
        return bound;
    }

    public LifecycleCall<R> with(String key, @Nullable UUID value) {
        return with(new Argument(key, value, Types.OTHER));
    }

    public LifecycleCall<R> with(String key, @Nullable Integer value) {
        return with(new Argument(key, value, Types.INTEGER));
    }

    public LifecycleCall<R> with(String key, @Nullable String value) {
        return with(new Argument(key, value, Types.VARCHAR));
    }

    public LifecycleCall<R> with(String key, boolean value) {
        return with(new Argument(key, value, Types.BOOLEAN));
    }

    public LifecycleCall<R> withJson(String key, String json) {
        return with(new Argument(key, new RawValue(json), Types.VARCHAR));
    }

    private LifecycleCall<R> with(Argument argument) {
        arguments.add(argument);
        return this;
    }

    /** Has it made alone where the resource is unknown: alone it registers the resource, in a batch it cannot say that it did. */
    public LifecycleCall<R> registeringAlone(boolean registers) {
        registersAlone = registers;
        return this;
    }

    boolean registersAlone() {
        return registersAlone;
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

    /**
     * What a call that was applied is answered with.
     *
     * @param columns SQL of what is read of the state, which is called {@code s}, each followed by a comma; calls of one batch
     *     that differ in them read the columns of all, so that they go by their names
     * @param row makes the answer of these columns
     */
    public record Answer<R>(Class<R> type, String columns, RowMapper<R> row) {}

    /** Of a function; none for its default. */
    private record Argument(String key, @Nullable Object value, int type) {

        /** As a parameter of the statement. */
        @Nullable
        Object parameter() {
            return value instanceof RawValue json ? json.rawValue() : value;
        }
    }
}
