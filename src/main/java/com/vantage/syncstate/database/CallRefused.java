package com.vantage.syncstate.database;

import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.dao.NonTransientDataAccessException;

/** A database function's refusal of a call: which rule it met, on what, and what the caller can do. */
public final class CallRefused extends NonTransientDataAccessException {

    private final String problem;
    private final Facts facts;

    /**
     * @param problem slug of the problem, as in {@code sync-already-running}
     * @param message one sentence on what is wrong and one on what to do
     */
    public CallRefused(String problem, String message, Facts facts) {
        this(problem, message, facts, null);
    }

    /** @param cause what the database raised */
    CallRefused(String problem, String message, Facts facts, @Nullable Throwable cause) {
        super(message, cause);
        this.problem = problem;
        this.facts = facts;
    }

    public String problem() {
        return problem;
    }

    public Facts facts() {
        return facts;
    }

    /**
     * What a refusal is about; what does not apply is null, or an empty list.
     *
     * @param resource the resource that was called on
     * @param runId the run that stands in the way or was asked for
     * @param errors the flaws of a body, one each
     */
    public record Facts(
            @Nullable String resource,
            @Nullable String runId,
            @Nullable String supersededBy,
            List<Flaw> errors) {

        public static final Facts NONE = new Facts(null, null, null, List.of());

        public Facts {
            errors = List.copyOf(errors);
        }

        public static Facts of(String resource) {
            return new Facts(resource, null, null, List.of());
        }
    }

    /**
     * One thing wrong with a request.
     *
     * @param pointer where, as a JSON pointer into the body ({@code #/errors/0/code}) or the name of a parameter
     * @param detail what would be right
     */
    public record Flaw(String pointer, String detail) {}
}
