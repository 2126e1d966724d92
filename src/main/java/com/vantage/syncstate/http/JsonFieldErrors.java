package com.vantage.syncstate.http;

import com.vantage.syncstate.error.InvalidRequest;
import com.vantage.syncstate.error.RequestRejected.FieldError;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.core.exc.InputCoercionException;
import tools.jackson.core.exc.StreamConstraintsException;
import tools.jackson.core.exc.StreamReadException;
import tools.jackson.databind.exc.MismatchedInputException;
import tools.jackson.databind.exc.UnrecognizedPropertyException;

/** Describes in the caller's terms where a body is not what it should be. */
final class JsonFieldErrors {

    private JsonFieldErrors() {}

    static InvalidRequest explain(@Nullable Throwable cause) {
        if (cause instanceof UnrecognizedPropertyException unknown) {
            return fieldError(
                    unknown,
                    "is unknown; expected one of "
                            + unknown.getKnownPropertyIds().stream()
                                    .map(String::valueOf)
                                    .sorted()
                                    .collect(Collectors.joining(", ")));
        }
        if (cause instanceof MismatchedInputException mismatched) {
            return fieldError(mismatched, "must be " + expected(mismatched.getTargetType()));
        }
        if (cause instanceof InputCoercionException outOfRange) {
            return fieldError(outOfRange, "must be " + expected(outOfRange.getTargetType()));
        }
        if (cause instanceof StreamConstraintsException) {
            return new InvalidRequest(
                    "The body exceeds a limit of JSON: at most 500 levels of nesting, numbers of 1,000 digits and keys of"
                            + " 50,000 characters.",
                    List.of());
        }
        if (cause instanceof StreamReadException unreadable) {
            return new InvalidRequest(
                    "The body is not valid JSON, at line "
                            + unreadable.getLocation().getLineNr() + ", column "
                            + unreadable.getLocation().getColumnNr() + ". Send one JSON object.",
                    List.of());
        }
        if (cause instanceof JacksonException other && !other.getPath().isEmpty()) {
            return fieldError(other, "cannot be read");
        }
        return new InvalidRequest("The body is missing or unreadable. Send one JSON object.", List.of());
    }

    private static InvalidRequest fieldError(JacksonException cause, String detail) {
        String pointer =
                "#" + cause.getPath().stream().map(JsonFieldErrors::step).collect(Collectors.joining());
        return new InvalidRequest(
                (pointer.equals("#") ? "The body" : pointer) + " " + detail + ".",
                List.of(new FieldError(pointer, detail)));
    }

    private static String step(JacksonException.Reference reference) {
        String name = reference.getPropertyName();
        return "/"
                + (name == null ? reference.getIndex() : name.replace("~", "~0").replace("/", "~1"));
    }

    private static String expected(@Nullable Class<?> type) {
        if (type == Integer.class || type == int.class) {
            return "a whole number from 0 to " + Integer.MAX_VALUE;
        }
        if (type == Boolean.class || type == boolean.class) {
            return "true or false";
        }
        if (type == UUID.class) {
            return "a UUID, for example 0b9ff6a3-5f0e-4b7c-9f60-2a3a5a0c9d11";
        }
        if (type == Instant.class) {
            return "an ISO 8601 time with an offset, for example 2025-11-05T10:30:00Z";
        }
        if (type == String.class) {
            return "a string";
        }
        return type != null && Iterable.class.isAssignableFrom(type) ? "an array" : "an object";
    }
}
