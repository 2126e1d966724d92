package com.vantage.syncstate.http;

import com.vantage.syncstate.error.InvalidRequest;
import com.vantage.syncstate.error.ProblemType;
import com.vantage.syncstate.error.RequestRejected;
import com.vantage.syncstate.error.RequestRejected.Details;
import com.vantage.syncstate.error.RequestRejected.FieldError;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.catalina.connector.ClientAbortException;
import org.apache.coyote.BadRequestException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.core.Ordered;
import org.springframework.core.annotation.Order;
import org.springframework.dao.DataAccessResourceFailureException;
import org.springframework.dao.PermissionDeniedDataAccessException;
import org.springframework.http.HttpHeaders;
import org.springframework.http.MediaType;
import org.springframework.http.converter.HttpMessageNotReadableException;
import org.springframework.validation.Errors;
import org.springframework.validation.method.ParameterErrors;
import org.springframework.validation.method.ParameterValidationResult;
import org.springframework.web.ErrorResponse;
import org.springframework.web.HttpMediaTypeNotAcceptableException;
import org.springframework.web.HttpMediaTypeNotSupportedException;
import org.springframework.web.HttpRequestMethodNotSupportedException;
import org.springframework.web.bind.MethodArgumentNotValidException;
import org.springframework.web.bind.annotation.ExceptionHandler;
import org.springframework.web.bind.annotation.RestControllerAdvice;
import org.springframework.web.context.request.async.AsyncRequestNotUsableException;
import org.springframework.web.method.annotation.HandlerMethodValidationException;
import org.springframework.web.method.annotation.MethodArgumentTypeMismatchException;
import org.springframework.web.servlet.NoHandlerFoundException;
import org.springframework.web.servlet.resource.NoResourceFoundException;

/** Turns every exception into its problem, but for those of controllers that have an advice of their own. */
@RestControllerAdvice
@Order(Ordered.HIGHEST_PRECEDENCE + 100)
class ProblemAdvice {

    private static final Logger log = LoggerFactory.getLogger(ProblemAdvice.class);

    @ExceptionHandler
    void rejected(RequestRejected rejected, HttpServletRequest request, HttpServletResponse response)
            throws IOException {
        ProblemWriter.write(
                request, response, rejected.problem(), String.valueOf(rejected.getMessage()), rejected.details());
    }

    @ExceptionHandler
    void invalid(InvalidRequest invalid, HttpServletRequest request, HttpServletResponse response) throws IOException {
        ProblemWriter.write(
                request,
                response,
                ProblemType.INVALID_REQUEST,
                String.valueOf(invalid.getMessage()),
                new Details(null, null, null, invalid.fieldErrors()));
    }

    @ExceptionHandler
    void unreadable(HttpMessageNotReadableException e, HttpServletRequest request, HttpServletResponse response)
            throws IOException {
        for (Throwable cause = e.getCause(); cause != null; cause = cause.getCause()) {
            if (cause instanceof BodyRejected rejected) {
                ProblemWriter.write(request, response, rejected.problem(), rejected.detail());
                return;
            }
        }
        invalid(JsonFieldErrors.explain(e.getCause()), request, response);
    }

    /** A body that a handler reads itself. */
    @ExceptionHandler
    void rejectedBody(BodyRejected rejected, HttpServletRequest request, HttpServletResponse response)
            throws IOException {
        ProblemWriter.write(request, response, rejected.problem(), rejected.detail());
    }

    @ExceptionHandler
    void malformedBody(BadRequestException e, HttpServletRequest request, HttpServletResponse response)
            throws IOException {
        ProblemWriter.write(
                request,
                response,
                ProblemType.INVALID_REQUEST,
                "The body cannot be read as its header Transfer-Encoding says. Nothing was done; send it anew.");
    }

    @ExceptionHandler
    void invalidBody(MethodArgumentNotValidException e, HttpServletRequest request, HttpServletResponse response)
            throws IOException {
        invalid(bodyErrors(e.getBindingResult()).toList(), request, response);
    }

    @ExceptionHandler
    void invalidParameters(HandlerMethodValidationException e, HttpServletRequest request, HttpServletResponse response)
            throws IOException {
        List<FieldError> fieldErrors = e.getParameterValidationResults().stream()
                .flatMap(result -> result instanceof ParameterErrors body ? bodyErrors(body) : fieldErrors(result))
                .toList();
        invalid(fieldErrors, request, response);
    }

    @ExceptionHandler
    void mistypedParameter(
            MethodArgumentTypeMismatchException e, HttpServletRequest request, HttpServletResponse response)
            throws IOException {
        invalid(InvalidRequest.parameter(e.getName(), "has the wrong type"), request, response);
    }

    @ExceptionHandler
    void methodNotAllowed(
            HttpRequestMethodNotSupportedException e, HttpServletRequest request, HttpServletResponse response)
            throws IOException {
        String allowed = e.getSupportedMethods() == null ? "" : String.join(", ", e.getSupportedMethods());
        response.setHeader(HttpHeaders.ALLOW, allowed);
        ProblemWriter.write(request, response, ProblemType.METHOD_NOT_ALLOWED, "Allowed here: " + allowed + ".");
    }

    @ExceptionHandler
    void notAcceptable(HttpMediaTypeNotAcceptableException e, HttpServletRequest request, HttpServletResponse response)
            throws IOException {
        String offered = mediaTypes(e.getSupportedMediaTypes());
        ProblemWriter.write(
                request,
                response,
                ProblemType.NOT_ACCEPTABLE,
                "Available media types: " + (offered.isEmpty() ? "application/json" : offered) + ".");
    }

    @ExceptionHandler
    void unsupportedMediaType(
            HttpMediaTypeNotSupportedException e, HttpServletRequest request, HttpServletResponse response)
            throws IOException {
        response.setHeader(HttpHeaders.ACCEPT, MediaType.APPLICATION_JSON_VALUE);
        ProblemWriter.write(
                request,
                response,
                ProblemType.UNSUPPORTED_MEDIA_TYPE,
                "Send JSON with the header Content-Type: application/json.");
    }

    @ExceptionHandler({NoHandlerFoundException.class, NoResourceFoundException.class})
    void notFound(HttpServletRequest request, HttpServletResponse response) throws IOException {
        ProblemWriter.write(request, response, ProblemType.NOT_FOUND, "See /v3/api-docs for available endpoints.");
    }

    /** Security has let the caller pass, so it is not their key: a grant or a role has gone from the database. */
    @ExceptionHandler
    void denied(PermissionDeniedDataAccessException e, HttpServletRequest request, HttpServletResponse response)
            throws IOException {
        log.error(
                "The database denies what the service has let pass: {}. Grant it again: the files of db/migration can be"
                        + " applied anew",
                String.valueOf(e.getMostSpecificCause().getMessage()));
        ProblemWriter.write(
                request,
                response,
                ProblemType.DATABASE_UNAVAILABLE,
                "The database denies the service what this needs; its log says what to grant. " + howToRepeat(request));
    }

    @ExceptionHandler
    void databaseUnavailable(
            DataAccessResourceFailureException e, HttpServletRequest request, HttpServletResponse response)
            throws IOException {
        log.warn(
                "Database unavailable; answered 503: {}",
                String.valueOf(e.getMostSpecificCause().getMessage()));
        ProblemWriter.write(
                request,
                response,
                ProblemType.DATABASE_UNAVAILABLE,
                "The database is unavailable or too busy. " + howToRepeat(request));
    }

    @ExceptionHandler
    void overloaded(Overloaded e, HttpServletRequest request, HttpServletResponse response) throws IOException {
        ProblemWriter.write(request, response, ProblemType.OVERLOADED, String.valueOf(e.getMessage()));
    }

    /** There is nobody left to answer. */
    @ExceptionHandler({AsyncRequestNotUsableException.class, ClientAbortException.class})
    void gone(IOException e) {
        log.debug("Client disconnected: {}", e.getMessage());
    }

    @ExceptionHandler
    void failed(Exception e, HttpServletRequest request, HttpServletResponse response) throws IOException {
        if (e instanceof ErrorResponse answered && answered.getStatusCode().is4xxClientError()) {
            ProblemWriter.write(
                    request,
                    response,
                    ProblemType.ofStatus(answered.getStatusCode().value()),
                    String.valueOf(answered.getBody().getDetail()));
            return;
        }
        log.error("Request failed", e);
        ProblemWriter.write(
                request,
                response,
                ProblemType.INTERNAL_ERROR,
                "Internal error of the service; its log has the cause. Call again, and report it if it persists.");
    }

    private void invalid(List<FieldError> fieldErrors, HttpServletRequest request, HttpServletResponse response)
            throws IOException {
        String sentence = fieldErrors.stream()
                .map(fieldError -> fieldError.pointer() + " " + fieldError.detail())
                .collect(Collectors.joining("; "));
        invalid(new InvalidRequest(sentence + ".", fieldErrors), request, response);
    }

    private static String howToRepeat(HttpServletRequest request) {
        if (Set.of("GET", "HEAD", "PUT").contains(request.getMethod())) {
            return "Try again after Retry-After.";
        }
        return request.getAttribute(RunRequestAdvice.ATTRIBUTE) == null
                ? "The call may or may not have taken effect: after Retry-After, read the state before you repeat it."
                        + " A call with a run_id can be repeated without a look."
                : "Repeat the call with the same run_id after Retry-After: it is applied once.";
    }

    private static Stream<FieldError> bodyErrors(Errors body) {
        return body.getFieldErrors().stream()
                .map(error ->
                        new FieldError("#/" + snakeCase(error.getField()), String.valueOf(error.getDefaultMessage())));
    }

    private static Stream<FieldError> fieldErrors(ParameterValidationResult parameter) {
        String name = String.valueOf(parameter.getMethodParameter().getParameterName());
        return parameter.getResolvableErrors().stream()
                .map(error -> new FieldError(name, String.valueOf(error.getDefaultMessage())));
    }

    private static String mediaTypes(List<MediaType> types) {
        return types.stream().map(MediaType::toString).distinct().collect(Collectors.joining(", "));
    }

    private static String snakeCase(String name) {
        return name.replaceAll("([a-z])([A-Z])", "$1_$2").toLowerCase(Locale.ROOT);
    }
}
