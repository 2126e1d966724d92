package com.vantage.syncstate.postgrest.plan;

import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * A function of the schema {@code public} that returns one row, as the database has it.
 *
 * @param result the table whose row it returns
 */
public record Routine(String name, List<Argument> parameters, Relation result) implements CatalogName {

    public Routine {
        parameters = List.copyOf(parameters);
    }

    /** Whether these arguments, by name, are all known and none is missing. */
    public boolean takes(Set<String> arguments) {
        return parameters.stream().map(Argument::name).toList().containsAll(arguments)
                && parameters.stream()
                        .allMatch(parameter -> parameter.optional() || arguments.contains(parameter.name()));
    }

    /** {@code public.start_vantage_sync(p_resource, p_run_id)}. */
    public String signature() {
        return "public." + name + parameters.stream().map(Argument::name).collect(Collectors.joining(", ", "(", ")"));
    }

    @Override
    public String quoted() {
        return "public." + CatalogName.super.quoted();
    }

    /**
     * One parameter.
     *
     * @param type as SQL writes it
     * @param optional whether it has a default
     */
    public record Argument(String name, String type, boolean optional) implements CatalogName {}
}
