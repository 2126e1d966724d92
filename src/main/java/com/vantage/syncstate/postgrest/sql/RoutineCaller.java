package com.vantage.syncstate.postgrest.sql;

import com.vantage.syncstate.database.AlteredTable;
import com.vantage.syncstate.postgrest.error.PostgrestError;
import com.vantage.syncstate.postgrest.plan.Catalog;
import com.vantage.syncstate.postgrest.plan.Routine;
import com.vantage.syncstate.postgrest.request.PreferHeader;
import com.vantage.syncstate.postgrest.request.RequestPayload;
import com.vantage.syncstate.postgrest.request.ResponseShape;
import com.vantage.syncstate.postgrest.request.SelectItem;
import com.vantage.syncstate.security.Role;
import com.vantage.syncstate.sync.LifecycleCall;
import com.vantage.syncstate.sync.LifecycleCalls;
import com.vantage.syncstate.sync.LifecycleMetrics;
import com.vantage.syncstate.sync.ResourceName;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.springframework.http.ResponseEntity;
import org.springframework.security.core.Authentication;
import org.springframework.stereotype.Component;

/** Calls a lifecycle function with its arguments by name, and answers with the row it returns. */
@Component
public class RoutineCaller {

    /** A name that cannot forge a log line; whether it is taken, the function decides. */
    private static final Pattern LOGGABLE = Pattern.compile(ResourceName.PATTERN);

    private final Catalog catalog;
    private final StatementRunner statements;
    private final LifecycleCalls lifecycle;
    private final LifecycleMetrics calls;

    RoutineCaller(Catalog catalog, StatementRunner statements, LifecycleCalls lifecycle, LifecycleMetrics calls) {
        this.catalog = catalog;
        this.statements = statements;
        this.lifecycle = lifecycle;
        this.calls = calls;
    }

    /**
     * Finds the function of a name that takes these arguments.
     *
     * @throws PostgrestError 404 where there is none
     */
    public Routine find(String name, Set<String> arguments) {
        return choose(catalog.routines(name), arguments)
                .or(() -> choose(catalog.routinesNow(name), arguments))
                .orElseThrow(() -> PostgrestError.unknownRoutine(name, arguments, suggestion(name, arguments)));
    }

    public ResponseEntity<byte[]> call(
            Routine routine,
            RequestPayload arguments,
            List<SelectItem> selection,
            PreferHeader preferences,
            ResponseShape shape,
            Authentication caller) {
        LifecycleCall<RowsResponse> together = Role.SERVICE.isHeldBy(caller) && selection.equals(SelectItem.ALL)
                ? BatchedRoutine.of(routine, arguments, catalog)
                : null;
        RowsResponse rows = calls.record(call(routine), resource(arguments), () -> {
            Supplier<RowsResponse> alone = () -> callAlone(routine, arguments, selection, caller);
            return together == null ? alone.get() : lifecycle.make(together, alone);
        });
        return RowsResponse.of(
                200,
                RowsResponse.contentRange(0, rows.count(), preferences.counted() ? Long.valueOf(rows.count()) : null),
                preferences.applied(false, false),
                shape.contentType(),
                rows.as(ResponseShape.OBJECT));
    }

    private RowsResponse callAlone(
            Routine routine, RequestPayload arguments, List<SelectItem> selection, Authentication caller) {
        var statement = SqlBuilder.on(routine.result(), catalog).add("select ");
        var selected = new SelectList(statement, routine.result(), selection);
        selected.limit().add(", ");
        selected.values().add(" from ");
        List<Routine.Argument> given = routine.parameters().stream()
                .filter(parameter -> arguments.keys().contains(parameter.name()))
                .toList();
        if (!given.isEmpty()) {
            statement.add("json_to_record(cast(").bind(arguments.asText()).add(" as json))");
            statement.add(" as a (").each(given, ", ", statement::define).add(") cross join lateral ");
        }
        statement
                .add(routine)
                .add("(")
                .each(
                        given,
                        ", ",
                        parameter -> statement.add(parameter).add(" => a.").add(parameter))
                .add(") as s");
        return AlteredTable.again(() -> {
            var read = new RowsResponse(selected.labels(), 2);
            statements.call(caller, statement, read);
            return read;
        });
    }

    private static Optional<Routine> choose(List<Routine> routines, Set<String> arguments) {
        return routines.stream().filter(routine -> routine.takes(arguments)).findFirst();
    }

    private @Nullable String suggestion(String name, Set<String> arguments) {
        return arguments.isEmpty()
                ? null
                : catalog.routines(name).stream()
                        .findFirst()
                        .map(Routine::signature)
                        .orElse(null);
    }

    /** The name that the call has in logs, metrics and batches, {@code start} for {@code start_vantage_sync}. */
    static String call(Routine routine) {
        return routine.name().replace("_vantage_sync", "");
    }

    private static String resource(RequestPayload arguments) {
        String resource = arguments.json().path("p_resource").asString("");
        return LOGGABLE.matcher(resource).matches() ? resource : "?";
    }
}
