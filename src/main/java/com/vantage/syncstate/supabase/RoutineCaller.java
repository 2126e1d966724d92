package com.vantage.syncstate.supabase;

import com.vantage.syncstate.sync.LifecycleCalls;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.springframework.http.ResponseEntity;
import org.springframework.security.core.Authentication;
import org.springframework.stereotype.Component;

/** Calls a lifecycle function with its arguments by name, as one statement, and answers with the row it returns. */
@Component
class RoutineCaller {

    /** A name that cannot forge a log line; the function says which names it takes. */
    private static final Pattern LOGGABLE = Pattern.compile("[A-Za-z0-9_.:-]{1,128}");

    private final Catalog catalog;
    private final Statements statements;
    private final LifecycleCalls calls;

    RoutineCaller(Catalog catalog, Statements statements, LifecycleCalls calls) {
        this.catalog = catalog;
        this.statements = statements;
        this.calls = calls;
    }

    /** @throws Refusal 404 where no function of this name takes these arguments */
    Routine find(String name, Set<String> arguments) {
        return choose(catalog.routines(name), arguments)
                .or(() -> choose(catalog.routinesNow(name), arguments))
                .orElseThrow(() -> Refusal.unknownRoutine(name, arguments, catalog.routines(name)));
    }

    ResponseEntity<byte[]> call(
            Routine routine,
            Payload arguments,
            List<Selected> selection,
            Preferences preferences,
            Shape shape,
            Authentication caller) {
        var statement = catalog.statement(routine.result())
                .add("select ")
                .values(selection)
                .add(" from ");
        List<Routine.Parameter> given = routine.parameters().stream()
                .filter(parameter -> arguments.keys().contains(parameter.name()))
                .toList();
        if (!given.isEmpty()) {
            statement.add("json_to_record(cast(").bind(arguments.asText()).add(" as json))");
            statement.add(given.stream()
                    .map(parameter -> parameter.quoted() + " " + parameter.type())
                    .collect(Collectors.joining(", ", " as a (", ") cross join lateral ")));
        }
        statement.add(routine.quoted());
        statement.add(given.stream()
                .map(parameter -> parameter.quoted() + " => a." + parameter.quoted())
                .collect(Collectors.joining(", ", "(", ") as s")));
        var rows = new Rows(statement.labels(selection), 1);
        calls.record(call(routine), resource(arguments), () -> {
            statements.call(caller, statement, rows);
            return rows;
        });
        return Answer.of(
                200,
                Answer.contentRange(0, rows.count(), preferences.counted() ? Long.valueOf(rows.count()) : null),
                preferences.applied(false, false),
                shape.contentType(),
                rows.asObject());
    }

    private static Optional<Routine> choose(List<Routine> routines, Set<String> arguments) {
        return routines.stream().filter(routine -> routine.takes(arguments)).findFirst();
    }

    /** The name that the call has in logs and metrics, {@code start} for {@code start_vantage_sync}. */
    private static String call(Routine routine) {
        return routine.name().replace("_vantage_sync", "");
    }

    private static String resource(Payload arguments) {
        String resource = arguments.json().path("p_resource").asString("");
        return LOGGABLE.matcher(resource).matches() ? resource : "?";
    }
}
