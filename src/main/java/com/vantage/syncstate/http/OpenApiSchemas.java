package com.vantage.syncstate.http;

import com.fasterxml.jackson.annotation.JsonInclude;
import io.swagger.v3.core.converter.AnnotatedType;
import io.swagger.v3.core.converter.ModelConverters;
import io.swagger.v3.oas.models.OpenAPI;
import io.swagger.v3.oas.models.media.Schema;
import java.math.BigDecimal;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Says of the schemas what annotations cannot. */
final class OpenApiSchemas {

    private static final String OPTIONAL = "x-optional";

    private OpenApiSchemas() {}

    /** Marks what an answer may leave out. */
    static Schema<?> mark(Schema<?> property, AnnotatedType type) {
        boolean optional = type.getCtxAnnotations() != null
                && Arrays.stream(type.getCtxAnnotations())
                        .anyMatch(annotation -> annotation instanceof JsonInclude include
                                && include.value() == JsonInclude.Include.NON_NULL);
        if (optional) {
            property.addExtension(OPTIONAL, true);
        }
        return property;
    }

    /** Adds the schema of problems; requires of every answer all of its keys; limits numbers to what Java holds. */
    @SuppressWarnings("rawtypes") // as the model is
    static void complete(OpenAPI document) {
        Map<String, Schema> schemas = document.getComponents().getSchemas();
        schemas.putAll(ModelConverters.getInstance(true)
                .resolveAsResolvedSchema(new AnnotatedType(Problem.class).resolveAsRef(true))
                .referencedSchemas);
        schemas.forEach(OpenApiSchemas::complete);
        // Afterwards: schemas may share a property.
        schemas.values().forEach(OpenApiSchemas::removeMarks);
        document.getPaths().values().stream()
                .flatMap(path -> path.readOperations().stream())
                .filter(operation -> operation.getParameters() != null)
                .flatMap(operation -> operation.getParameters().stream())
                .forEach(parameter -> limit(parameter.getSchema()));
    }

    @SuppressWarnings({"rawtypes", "unchecked"}) // as the model is
    private static void complete(String name, Schema schema) {
        Map<String, Schema> properties = schema.getProperties();
        if (properties == null) {
            return;
        }
        boolean answer = !name.endsWith("Request")
                && !name.equals(Problem.class.getSimpleName())
                && schema.getRequired() == null;
        if (answer) {
            schema.setRequired(properties.entrySet().stream()
                    .filter(property -> !isOptional(property.getValue()))
                    .map(Map.Entry::getKey)
                    .toList());
        }
        properties.values().forEach(OpenApiSchemas::limit);
        properties.replaceAll((key, property) -> property.get$ref() == null ? property : reference(property));
    }

    /** Alone, or with null as the alternative; whatever else the model has beside a reference describes the type in Java. */
    private static Schema<?> reference(Schema<?> property) {
        Schema<?> reference = new Schema<>().$ref(property.get$ref());
        return property.getTypes() != null && property.getTypes().contains("null")
                ? new Schema<>().anyOf(List.of(reference, new Schema<>().types(Set.of("null"))))
                : reference;
    }

    /** All numbers here are counts. */
    private static void limit(Schema<?> schema) {
        if (schema.getItems() != null) {
            limit(schema.getItems());
        }
        if (!"int32".equals(schema.getFormat())) {
            return;
        }
        if (schema.getMinimum() == null) {
            schema.setMinimum(BigDecimal.ZERO);
        }
        if (schema.getMaximum() == null) {
            schema.setMaximum(BigDecimal.valueOf(Integer.MAX_VALUE));
        }
    }

    private static boolean isOptional(Schema<?> property) {
        return property.getExtensions() != null && property.getExtensions().containsKey(OPTIONAL);
    }

    @SuppressWarnings({"rawtypes", "unchecked"}) // as the model is
    private static void removeMarks(Schema schema) {
        Map<String, Schema> properties = schema.getProperties();
        if (properties != null) {
            properties.values().stream()
                    .filter(OpenApiSchemas::isOptional)
                    .forEach(property -> property.getExtensions().remove(OPTIONAL));
        }
    }
}
