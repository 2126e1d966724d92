package com.vantage.syncstate.supabase;

import java.util.List;
import java.util.Set;

/**
 * A function of the schema {@code public} that returns one row, as the database has it.
 *
 * @param result the table whose row it returns
 */
record Routine(String name, List<Parameter> parameters, Relation result) {

    Routine {
        parameters = List.copyOf(parameters);
    }

    /** Whether these arguments, by name, are all known and none is missing. */
    boolean takes(Set<String> arguments) {
        return parameters.stream().map(Parameter::name).toList().containsAll(arguments)
                && parameters.stream()
                        .allMatch(parameter -> parameter.optional() || arguments.contains(parameter.name()));
    }

    /** The name as SQL. */
    String quoted() {
        return "public.\"" + name.replace("\"", "\"\"") + '"';
    }

    /**
     * One parameter.
     *
     * @param type as SQL writes it
     * @param optional whether it has a default
     */
    record Parameter(String name, String type, boolean optional) {

        /** The name as SQL. */
        String quoted() {
            return '"' + name.replace("\"", "\"\"") + '"';
        }
    }
}
