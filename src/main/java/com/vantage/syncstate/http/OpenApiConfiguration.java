package com.vantage.syncstate.http;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.PropertyNamingStrategies;
import com.vantage.syncstate.error.ProblemType;
import com.vantage.syncstate.error.RequestRejected.Details;
import io.swagger.v3.core.converter.AnnotatedType;
import io.swagger.v3.core.converter.ModelConverters;
import io.swagger.v3.core.jackson.ModelResolver;
import io.swagger.v3.core.util.Json31;
import io.swagger.v3.oas.annotations.security.SecurityRequirements;
import io.swagger.v3.oas.models.Components;
import io.swagger.v3.oas.models.OpenAPI;
import io.swagger.v3.oas.models.Operation;
import io.swagger.v3.oas.models.examples.Example;
import io.swagger.v3.oas.models.headers.Header;
import io.swagger.v3.oas.models.info.Info;
import io.swagger.v3.oas.models.media.Content;
import io.swagger.v3.oas.models.media.MediaType;
import io.swagger.v3.oas.models.media.Schema;
import io.swagger.v3.oas.models.media.StringSchema;
import io.swagger.v3.oas.models.responses.ApiResponse;
import io.swagger.v3.oas.models.security.SecurityRequirement;
import io.swagger.v3.oas.models.security.SecurityScheme;
import io.swagger.v3.oas.models.servers.Server;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.springdoc.core.customizers.OpenApiCustomizer;
import org.springdoc.core.customizers.OperationCustomizer;
import org.springdoc.core.customizers.PropertyCustomizer;
import org.springdoc.core.utils.SpringDocUtils;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.method.HandlerMethod;

/** Describes the service as OpenAPI 3.1: what the controllers declare, and what all of them share. */
@Configuration(proxyBeanMethods = false)
class OpenApiConfiguration {

    private static final String BEARER = "bearer";
    private static final String APIKEY = "apikey";

    static {
        SpringDocUtils.getConfig().addResponseWrapperToIgnore(CachedJson.class);
    }

    /** Names keys as the JSON of the service does. */
    @Bean
    ModelResolver snakeCaseModels() {
        ObjectMapper mapper = Json31.mapper().copy();
        mapper.setPropertyNamingStrategy(PropertyNamingStrategies.SNAKE_CASE);
        return new ModelResolver(mapper).openapi31(true);
    }

    private static final String OPTIONAL = "x-optional";

    @Bean
    OpenAPI description() {
        return new OpenAPI()
                .info(new Info()
                        .title("vantage-sync-state")
                        .version("1")
                        .description(
                                "When did each resource last sync, did it work, is it running, is it stuck, what went"
                                        + " wrong? Jobs POST start, progress, complete and fail; dashboards GET the states."
                                        + " Reading requires a reader key, writing a service key. Every answer outside 2xx and 304 is"
                                        + " application/problem+json, and its detail says what to do."))
                .servers(List.of(new Server().url("/")))
                .security(List.of(new SecurityRequirement().addList(APIKEY), new SecurityRequirement().addList(BEARER)))
                .components(new Components()
                        .addSecuritySchemes(
                                APIKEY,
                                new SecurityScheme()
                                        .type(SecurityScheme.Type.APIKEY)
                                        .in(SecurityScheme.In.HEADER)
                                        .name("apikey"))
                        .addSecuritySchemes(
                                BEARER,
                                new SecurityScheme()
                                        .type(SecurityScheme.Type.HTTP)
                                        .scheme("bearer")
                                        .description(
                                                "A key, or a JWT whose claim role is service_role, authenticated or"
                                                        + " anon.")));
    }

    /** Marks what an answer may leave out. */
    @Bean
    PropertyCustomizer optional() {
        return (property, type) -> {
            boolean optional = type.getCtxAnnotations() != null
                    && Arrays.stream(type.getCtxAnnotations())
                            .anyMatch(annotation -> annotation instanceof JsonInclude include
                                    && include.value() == JsonInclude.Include.NON_NULL);
            if (optional) {
                property.addExtension(OPTIONAL, true);
            }
            return property;
        };
    }

    /** Adds the schema of problems, and what annotations cannot say of the other schemas. */
    @Bean
    OpenApiCustomizer schemas() {
        return document -> {
            ModelConverters.getInstance(true)
                    .resolveAsResolvedSchema(new AnnotatedType(Problem.class).resolveAsRef(true))
                    .referencedSchemas
                    .forEach(document.getComponents()::addSchemas);
            document.getComponents().getSchemas().forEach(OpenApiConfiguration::complete);
            document.getComponents().getSchemas().values().forEach(OpenApiConfiguration::removeMarks);
        };
    }

    /** Adds to every operation the problems that it can meet, each with an example, and to every read its ETag. */
    @Bean
    OperationCustomizer problems() {
        return (operation, handler) -> {
            if (handler.hasMethodAnnotation(GetMapping.class)) {
                describeConditionalGet(operation);
            }
            typesOf(handler).stream()
                    .collect(Collectors.groupingBy(ProblemType::status))
                    .forEach((status, types) ->
                            operation.getResponses().addApiResponse(String.valueOf(status), response(types)));
            return operation;
        };
    }

    /** Says what annotations cannot: an answer has all of its keys, and a reference may stand for null as well. */
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
        properties.replaceAll((key, property) -> property.get$ref() == null
                ? property
                : new Schema<>()
                        .anyOf(List.of(new Schema<>().$ref(property.get$ref()), new Schema<>().types(Set.of("null")))));
    }

    private static boolean isOptional(Schema<?> property) {
        return property.getExtensions() != null && property.getExtensions().containsKey(OPTIONAL);
    }

    /** Afterwards: schemas may share a property. */
    @SuppressWarnings({"rawtypes", "unchecked"}) // as the model is
    private static void removeMarks(Schema schema) {
        Map<String, Schema> properties = schema.getProperties();
        if (properties != null) {
            properties.values().stream()
                    .filter(OpenApiConfiguration::isOptional)
                    .forEach(property -> property.getExtensions().remove(OPTIONAL));
        }
    }

    private static void describeConditionalGet(Operation operation) {
        operation.getResponses().forEach((status, answer) -> {
            if (status.startsWith("2")) {
                answer.addHeaderObject("ETag", header("Version of the answer"));
            }
        });
        operation
                .getResponses()
                .addApiResponse("304", new ApiResponse().description("Unchanged since the ETag in If-None-Match"));
    }

    private static List<ProblemType> typesOf(HandlerMethod handler) {
        List<ProblemType> types = new ArrayList<>(List.of(
                ProblemType.INVALID_REQUEST,
                ProblemType.NOT_ACCEPTABLE,
                ProblemType.INTERNAL_ERROR,
                ProblemType.DATABASE_UNAVAILABLE));
        if (!handler.hasMethodAnnotation(SecurityRequirements.class)) {
            types.add(ProblemType.UNAUTHENTICATED);
            types.add(ProblemType.FORBIDDEN);
        }
        if (Arrays.stream(handler.getMethodParameters())
                .anyMatch(parameter -> parameter.hasParameterAnnotation(RequestBody.class))) {
            types.add(ProblemType.PAYLOAD_TOO_LARGE);
            types.add(ProblemType.UNSUPPORTED_MEDIA_TYPE);
        }
        Problems own = handler.getMethodAnnotation(Problems.class);
        if (own != null) {
            types.addAll(List.of(own.value()));
        }
        return types;
    }

    private static ApiResponse response(List<ProblemType> types) {
        MediaType body = new MediaType().schema(new Schema<>().$ref("#/components/schemas/Problem"));
        types.forEach(type -> body.addExamples(
                type.slug(), new Example().value(Problem.of(type, type.title() + ".", null, Details.NONE))));
        var response = new ApiResponse()
                .description(types.stream().map(ProblemType::title).collect(Collectors.joining("; ")))
                .content(new Content().addMediaType("application/problem+json", body));
        return types.contains(ProblemType.DATABASE_UNAVAILABLE)
                ? response.headers(Map.of("Retry-After", header("Seconds after which to call again")))
                : response;
    }

    private static Header header(String description) {
        return new Header().description(description).schema(new StringSchema());
    }
}
