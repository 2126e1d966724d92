package com.vantage.syncstate.postgrest.plan;

import org.jspecify.annotations.Nullable;

/**
 * A column as the database has it.
 *
 * @param type as SQL writes it, {@code timestamp with time zone}
 * @param defaultExpression SQL of its default, from the catalog
 * @param key whether it is part of the primary key
 */
public record Column(String name, String type, @Nullable String defaultExpression, boolean key) implements CatalogName {

    public boolean isJson() {
        return type.equals("jsonb") || type.equals("json");
    }
}
