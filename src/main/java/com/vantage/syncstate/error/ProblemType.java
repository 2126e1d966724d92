package com.vantage.syncstate.error;

import java.util.Arrays;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Every kind of answer outside 2xx: its slug, its status and its title. */
public enum ProblemType {
    INVALID_REQUEST("invalid-request", 400, "The request cannot be understood"),
    UNAUTHENTICATED("unauthenticated", 401, "No valid key was given"),
    FORBIDDEN("forbidden", 403, "The key does not permit this"),
    NOT_FOUND("not-found", 404, "There is nothing at this address"),
    SYNC_STATE_NOT_FOUND("sync-state-not-found", 404, "There is no such resource"),
    RUN_NOT_FOUND("run-not-found", 404, "There is no such run"),
    METHOD_NOT_ALLOWED("method-not-allowed", 405, "The address does not take this method"),
    NOT_ACCEPTABLE("not-acceptable", 406, "The answer does not come in this media type"),
    SYNC_ALREADY_RUNNING("sync-already-running", 409, "The resource is already running"),
    SYNC_NOT_RUNNING("sync-not-running", 409, "The resource is not running"),
    RUN_ALREADY_FINISHED("run-already-finished", 409, "The run has already ended"),
    RUN_SUPERSEDED("run-superseded", 409, "The run was taken over by another"),
    PAYLOAD_TOO_LARGE("payload-too-large", 413, "The body is too large"),
    UNSUPPORTED_MEDIA_TYPE("unsupported-media-type", 415, "The body is of another media type"),
    INTERNAL_ERROR("internal-error", 500, "The service failed"),
    DATABASE_UNAVAILABLE("database-unavailable", 503, "The database does not answer");

    private final String slug;
    private final int status;
    private final String title;

    ProblemType(String slug, int status, String title) {
        this.slug = slug;
        this.status = status;
        this.title = title;
    }

    public String slug() {
        return slug;
    }

    public int status() {
        return status;
    }

    public String title() {
        return title;
    }

    /** The type as a relative URI, {@code /problems/sync-not-running}. */
    public String uri() {
        return "/problems/" + slug;
    }

    public static Optional<ProblemType> ofSlug(@Nullable String slug) {
        return Arrays.stream(values()).filter(type -> type.slug.equals(slug)).findFirst();
    }

    /** The general type of a status, for answers that were given outside our own code. */
    public static ProblemType ofStatus(int status) {
        return switch (status) {
            case 401 -> UNAUTHENTICATED;
            case 403 -> FORBIDDEN;
            case 404 -> NOT_FOUND;
            case 405 -> METHOD_NOT_ALLOWED;
            case 406 -> NOT_ACCEPTABLE;
            case 413 -> PAYLOAD_TOO_LARGE;
            case 415 -> UNSUPPORTED_MEDIA_TYPE;
            case 503 -> DATABASE_UNAVAILABLE;
            default -> status >= 400 && status < 500 ? INVALID_REQUEST : INTERNAL_ERROR;
        };
    }
}
