package com.vantage.syncstate.http;

import com.vantage.syncstate.error.ProblemType;
import com.vantage.syncstate.error.RequestRejected.Details;
import io.swagger.v3.oas.annotations.security.SecurityRequirements;
import io.swagger.v3.oas.models.OpenAPI;
import io.swagger.v3.oas.models.Operation;
import io.swagger.v3.oas.models.examples.Example;
import io.swagger.v3.oas.models.headers.Header;
import io.swagger.v3.oas.models.media.Content;
import io.swagger.v3.oas.models.media.IntegerSchema;
import io.swagger.v3.oas.models.media.MediaType;
import io.swagger.v3.oas.models.media.Schema;
import io.swagger.v3.oas.models.media.StringSchema;
import io.swagger.v3.oas.models.responses.ApiResponse;
import io.swagger.v3.oas.models.responses.ApiResponses;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;
import org.springframework.http.HttpHeaders;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.method.HandlerMethod;

/** Describes the answers that operations share: each problem with an example, the ETag of reads. */
final class OpenApiProblems {

    private static final String JSON = org.springframework.http.MediaType.APPLICATION_JSON_VALUE;
    private static final String PROBLEM = org.springframework.http.MediaType.APPLICATION_PROBLEM_JSON_VALUE;

    private OpenApiProblems() {}

    /** Adds to an operation the problems that it can meet, and to a read its ETag. */
    static Operation describe(Operation operation, HandlerMethod handler) {
        if (handler.hasMethodAnnotation(GetMapping.class)) {
            describeConditionalGet(operation);
        }
        describe(operation, typesOf(handler));
        return operation;
    }

    static void describe(Operation operation, List<ProblemType> types) {
        types.stream()
                .collect(Collectors.groupingBy(ProblemType::status))
                .forEach((status, those) ->
                        operation.getResponses().addApiResponse(String.valueOf(status), response(status, those)));
    }

    /** Moves the problems, many of which are the same everywhere, to where all operations refer to them. */
    static void share(OpenAPI document) {
        document.getPaths().values().stream()
                .flatMap(path -> path.readOperations().stream())
                .forEach(operation -> {
                    var responses = new ApiResponses();
                    operation.getResponses().entrySet().stream()
                            .sorted(Map.Entry.comparingByKey())
                            .forEach(response ->
                                    responses.addApiResponse(response.getKey(), shared(document, response.getValue())));
                    operation.setResponses(responses);
                });
    }

    private static ApiResponse shared(OpenAPI document, ApiResponse response) {
        MediaType problem =
                response.getContent() == null ? null : response.getContent().get(PROBLEM);
        if (problem == null) {
            return jsonFirst(response);
        }
        String name = problem.getExamples().keySet().stream()
                .map(OpenApiProblems::inOneWord)
                .collect(Collectors.joining("Or"));
        document.getComponents().addResponses(name, response);
        return new ApiResponse().$ref("#/components/responses/" + name);
    }

    /** The first is what generated clients read. */
    private static ApiResponse jsonFirst(ApiResponse response) {
        MediaType json =
                response.getContent() == null ? null : response.getContent().get(JSON);
        if (json != null) {
            var content = new Content().addMediaType(JSON, json);
            content.putAll(response.getContent());
            response.setContent(content);
        }
        return response;
    }

    private static void describeConditionalGet(Operation operation) {
        operation.getResponses().forEach((status, answer) -> {
            if (status.startsWith("2")) {
                answer.addHeaderObject(HttpHeaders.ETAG, header("Version of the answer", "^\".+\"$"));
            }
        });
        operation
                .getResponses()
                .addApiResponse("304", new ApiResponse().description("Unchanged since the ETag in If-None-Match"));
    }

    private static List<ProblemType> typesOf(HandlerMethod handler) {
        List<ProblemType> types = new ArrayList<>(List.of(
                ProblemType.INVALID_REQUEST,
                // To scripts of origins that may not call, whether or not a key is needed
                ProblemType.FORBIDDEN,
                ProblemType.METHOD_NOT_ALLOWED,
                ProblemType.NOT_ACCEPTABLE,
                ProblemType.INTERNAL_ERROR,
                ProblemType.DATABASE_UNAVAILABLE,
                ProblemType.OVERLOADED));
        if (!handler.hasMethodAnnotation(SecurityRequirements.class)) {
            types.add(ProblemType.UNAUTHENTICATED);
            types.add(ProblemType.TOO_MANY_REQUESTS);
            types.add(ProblemType.IDENTITY_PROVIDER_UNAVAILABLE);
        }
        if (Arrays.stream(handler.getMethodParameters())
                .anyMatch(parameter -> parameter.hasParameterAnnotation(RequestBody.class))) {
            types.add(ProblemType.REQUEST_TIMEOUT);
            types.add(ProblemType.PAYLOAD_TOO_LARGE);
            types.add(ProblemType.UNSUPPORTED_MEDIA_TYPE);
        }
        Problems own = handler.getMethodAnnotation(Problems.class);
        if (own != null) {
            types.addAll(List.of(own.value()));
        }
        return types;
    }

    private static ApiResponse response(int status, List<ProblemType> types) {
        MediaType body = new MediaType().schema(new Schema<>().$ref("#/components/schemas/Problem"));
        types.forEach(type -> body.addExamples(
                type.slug(), new Example().value(Problem.of(type, type.title() + ".", null, Details.NONE))));
        var response = new ApiResponse()
                .description(types.stream().map(ProblemType::title).collect(Collectors.joining("; ")))
                .content(new Content().addMediaType(PROBLEM, body));
        return switch (status) {
            case 401 -> response.headers(Map.of(HttpHeaders.WWW_AUTHENTICATE, header("Bearer", "^Bearer")));
            case 405 ->
                response.headers(Map.of(HttpHeaders.ALLOW, header("The methods that are allowed", "^[A-Z, ]*$")));
            case 429, 503 ->
                response.headers(Map.of(
                        HttpHeaders.RETRY_AFTER,
                        new Header()
                                .description("Seconds after which to call again")
                                .schema(new IntegerSchema()
                                        .minimum(BigDecimal.ONE)
                                        .maximum(BigDecimal.valueOf(Integer.MAX_VALUE)))));
            default -> response;
        };
    }

    private static Header header(String description, String pattern) {
        return new Header().description(description).schema(new StringSchema().pattern(pattern));
    }

    /** {@code sync-not-running} as {@code SyncNotRunning}. */
    private static String inOneWord(String slug) {
        return Arrays.stream(slug.split("-"))
                .map(part -> part.substring(0, 1).toUpperCase(Locale.ROOT) + part.substring(1))
                .collect(Collectors.joining());
    }
}
