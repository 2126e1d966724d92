package com.vantage.syncstate.http;

import com.vantage.syncstate.error.ProblemType;
import io.swagger.v3.oas.models.OpenAPI;
import io.swagger.v3.oas.models.Operation;
import io.swagger.v3.oas.models.PathItem;
import io.swagger.v3.oas.models.media.Content;
import io.swagger.v3.oas.models.media.MediaType;
import io.swagger.v3.oas.models.media.ObjectSchema;
import io.swagger.v3.oas.models.media.Schema;
import io.swagger.v3.oas.models.media.StringSchema;
import io.swagger.v3.oas.models.responses.ApiResponse;
import io.swagger.v3.oas.models.responses.ApiResponses;
import io.swagger.v3.oas.models.tags.Tag;
import java.util.List;
import java.util.Map;

/** Describes what the framework serves for those who watch the service: its health, and its metrics. */
final class OpenApiActuator {

    private static final String TAG = "Monitoring";
    private static final String HEALTH = "Health";

    private static final List<ProblemType> ANY = List.of(
            ProblemType.INVALID_REQUEST,
            ProblemType.FORBIDDEN,
            ProblemType.METHOD_NOT_ALLOWED,
            ProblemType.NOT_ACCEPTABLE,
            ProblemType.INTERNAL_ERROR);

    private OpenApiActuator() {}

    static void describe(OpenAPI document) {
        document.addTagsItem(new Tag().name(TAG).description("What watches the service: its health, and its metrics."));
        document.getComponents()
                .addSchemas(
                        HEALTH,
                        new ObjectSchema()
                                .addProperty(
                                        "status",
                                        new StringSchema()._enum(List.of("UP", "DOWN", "OUT_OF_SERVICE", "UNKNOWN"))));
        Map.of(
                        "/actuator/health",
                        health("getHealth", "Read the health of the service", "Of the instance that answers."),
                        "/actuator/health/liveness",
                        health(
                                "getLiveness",
                                "Ask whether the instance lives",
                                "For whoever restarts it where it does not; asks nothing of the database."),
                        "/actuator/health/readiness",
                        health(
                                "getReadiness",
                                "Ask whether the instance takes requests",
                                "For whoever balances the load: down without its database, and before it ends."),
                        "/actuator/prometheus",
                        metrics())
                .entrySet()
                .stream()
                .sorted(Map.Entry.comparingByKey())
                .forEach(entry -> document.path(entry.getKey(), new PathItem().get(entry.getValue())));
    }

    private static Operation health(String id, String summary, String description) {
        Content body = new Content()
                .addMediaType(
                        "application/json", new MediaType().schema(new Schema<>().$ref("#/components/schemas/Health")));
        Operation operation = operation(id, summary, description)
                .security(List.of())
                .responses(new ApiResponses()
                        .addApiResponse(
                                "200", new ApiResponse().description("Up").content(body))
                        .addApiResponse(
                                "503", new ApiResponse().description("Down").content(body)));
        OpenApiProblems.describe(operation, ANY);
        return operation;
    }

    private static Operation metrics() {
        Operation operation = operation(
                        "getMetrics",
                        "Read the metrics",
                        "For Prometheus: of every resource, from the database, and of the instance itself.")
                .responses(new ApiResponses()
                        .addApiResponse(
                                "200",
                                new ApiResponse()
                                        .description("In the text format of Prometheus")
                                        .content(new Content()
                                                .addMediaType(
                                                        "text/plain", new MediaType().schema(new StringSchema())))));
        OpenApiProblems.describe(operation, ANY);
        OpenApiProblems.describe(operation, List.of(ProblemType.UNAUTHENTICATED, ProblemType.TOO_MANY_REQUESTS));
        return operation;
    }

    private static Operation operation(String id, String summary, String description) {
        return new Operation()
                .operationId(id)
                .summary(summary)
                .description(description)
                .addTagsItem(TAG);
    }
}
