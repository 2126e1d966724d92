package com.vantage.syncstate.error;

import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.dao.NonTransientDataAccessException;

/**
 * A call that a rule rejects, as a database function raises it: which rule, on what, and what the caller can do.
 *
 * <p>It has no stack trace: nobody reads it, and it would take a tenth of the request's time.
 */
public final class RequestRejected extends NonTransientDataAccessException {

    private final ProblemType problem;
    private final Details details;

    /**
     * @param message one sentence on what is wrong and one on what to do
     */
    public RequestRejected(ProblemType problem, String message, Details details) {
        this(problem, message, details, null);
    }

    /** @param cause what the database raised */
    public RequestRejected(ProblemType problem, String message, Details details, @Nullable Throwable cause) {
        super(message, cause);
        this.problem = problem;
        this.details = details;
    }

    @Override
    public synchronized Throwable fillInStackTrace() {
        return this;
    }

    public ProblemType problem() {
        return problem;
    }

    public Details details() {
        return details;
    }

    /**
     * What it is about; what does not apply is null, or an empty list.
     *
     * @param resource the resource that was called on
     * @param runId the run that stands in the way or was requested
     * @param errors the field errors of a body, one each
     * @param resources how fresh each resource is that had to be fresh
     */
    public record Details(
            @Nullable String resource,
            @Nullable String runId,
            @Nullable String supersededBy,
            List<FieldError> errors,
            List<ResourceFreshness> resources) {

        public static final Details NONE = new Details(null, null, null, List.of());

        public Details {
            // Null where a database function, whose detail this is read from, names none.
            errors = errors == null ? List.of() : List.copyOf(errors);
            resources = resources == null ? List.of() : List.copyOf(resources);
        }

        public Details(
                @Nullable String resource,
                @Nullable String runId,
                @Nullable String supersededBy,
                List<FieldError> errors) {
            this(resource, runId, supersededBy, errors, List.of());
        }

        public static Details of(List<ResourceFreshness> resources) {
            return new Details(null, null, null, List.of(), resources);
        }

        public static Details of(String resource) {
            return new Details(resource, null, null, List.of());
        }
    }

    /**
     * One thing wrong with a request.
     *
     * @param pointer where, as a JSON pointer into the body ({@code #/errors/0/code}) or the name of a parameter
     * @param detail what is expected
     */
    public record FieldError(String pointer, String detail) {}
}
