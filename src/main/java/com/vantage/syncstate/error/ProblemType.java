package com.vantage.syncstate.error;

import java.util.Arrays;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Every kind of problem: its slug, its status, its title, what it means and what to do. */
public enum ProblemType {
    INVALID_REQUEST(
            "invalid-request",
            400,
            "Invalid request",
            "The request is not valid: unreadable JSON, a wrong type, a value out of range, an unknown key or parameter.",
            "Correct each field that errors points at, and send it again."),
    UNAUTHENTICATED(
            "unauthenticated",
            401,
            "Missing or invalid key",
            "The request has no key, or one that is unknown, has expired or was signed by somebody else.",
            "Send a valid key as 'apikey: <key>' or as 'Authorization: Bearer <key>'."),
    FORBIDDEN(
            "forbidden",
            403,
            "Forbidden",
            "The key does not permit this.",
            "Use a service key to write; a reader key reads."),
    NOT_FOUND(
            "not-found", 404, "Not found", "There is nothing at this address.", "Look up the address in /v3/api-docs."),
    SYNC_STATE_NOT_FOUND(
            "sync-state-not-found",
            404,
            "Resource not found",
            "There is no such resource.",
            "Start it, which registers it, or check the name against GET /sync-states."),
    RUN_NOT_FOUND(
            "run-not-found",
            404,
            "Run not found",
            "The resource has no such run.",
            "Pass the run_id that the run was started with."),
    INCIDENT_NOT_FOUND(
            "incident-not-found",
            404,
            "Incident not found",
            "There is no such incident.",
            "Look it up in GET /incidents; closed ones are kept as long as runs are."),
    CHANNEL_NOT_FOUND(
            "channel-not-found",
            404,
            "Channel not found",
            "There is no such channel.",
            "Look it up in GET /channels; they come from the configuration, vantage.notify.channels."),
    MUTE_NOT_FOUND(
            "mute-not-found",
            404,
            "Mute not found",
            "There is no such mute that goes on or is to come.",
            "Look it up in GET /mutes."),
    NOTIFICATION_NOT_FOUND(
            "notification-not-found",
            404,
            "Notification not found",
            "There is no such notification.",
            "Look it up in GET /notifications; they are kept as long as their incidents."),
    METHOD_NOT_ALLOWED(
            "method-not-allowed",
            405,
            "Method not allowed",
            "The address exists, but not for this method.",
            "Use one of the methods in the header Allow."),
    NOT_ACCEPTABLE(
            "not-acceptable",
            406,
            "Not acceptable",
            "The answer does not come in a media type that the request accepts.",
            "Accept application/json."),
    REQUEST_TIMEOUT(
            "request-timeout",
            408,
            "Request timeout",
            "The body did not arrive in time.",
            "Send it again, in one piece, or raise vantage.http.body-timeout."),
    SYNC_ALREADY_RUNNING(
            "sync-already-running",
            409,
            "Sync already running",
            "Another run of the resource is alive.",
            "Let it end, or take it over with force."),
    SYNC_NOT_RUNNING(
            "sync-not-running",
            409,
            "Sync not running",
            "The resource has no run to end or to report on.",
            "Start it first."),
    RUN_ALREADY_FINISHED(
            "run-already-finished",
            409,
            "Run already finished",
            "That run has ended, and its first ending stands.",
            "Begin a new run, with a run_id of its own."),
    RUN_SUPERSEDED(
            "run-superseded",
            409,
            "Run superseded by another",
            "Another run took over from this one.",
            "Stop: the other run does the work."),
    NOTIFICATION_NOT_RETRYABLE(
            "notification-not-retryable",
            409,
            "Notification not retryable",
            "The notification was sent, was a test, or its channel is gone.",
            "Look for those that were given up with GET /notifications?status=dead."),
    NO_CALENDAR(
            "no-calendar",
            409,
            "No calendar",
            "The resource has no schedule with a cron, so that there is no day to skip.",
            "Give it one with PUT /sync-states/{resource}, or mute it for that time."),
    INCIDENT_CLOSED(
            "incident-closed",
            409,
            "Incident closed",
            "The incident is over, so that nothing is left to take care of.",
            "Look for open ones with GET /incidents?open=true."),
    NOT_FRESH(
            "not-fresh",
            412,
            "Not fresh",
            "A resource has no data as recent as it has to be, or is being synced.",
            "Wait until it has been synced, with the parameter wait, or accept older data."),
    PAYLOAD_TOO_LARGE(
            "payload-too-large",
            413,
            "Payload too large",
            "The body is over the limit.",
            "Send less, or raise vantage.http.max-body-size."),
    UNSUPPORTED_MEDIA_TYPE(
            "unsupported-media-type",
            415,
            "Unsupported media type",
            "The body is not declared as JSON.",
            "Send it with the header Content-Type: application/json."),
    TOO_MANY_REQUESTS(
            "too-many-requests",
            429,
            "Too many requests",
            "The key, or the subject of the token, has made as many requests as it may.",
            "Call again after Retry-After: nothing was done. Whoever runs the service sets vantage.rate-limit.requests."),
    INTERNAL_ERROR(
            "internal-error",
            500,
            "Internal error",
            "The service failed through a fault of its own.",
            "Look for the cause in its log, and report it."),
    DATABASE_UNAVAILABLE(
            "database-unavailable",
            503,
            "Database unavailable",
            "The database does not answer, or is too busy.",
            "After Retry-After, repeat a read, and a call that names its run_id; of any other, read the state first, as it may have taken effect."),
    IDENTITY_PROVIDER_UNAVAILABLE(
            "identity-provider-unavailable",
            503,
            "Identity provider unavailable",
            "The issuer of tokens does not answer, so that this one cannot be verified.",
            "Call again after Retry-After: nothing was done. Keys are valid meanwhile."),
    OVERLOADED(
            "overloaded",
            503,
            "Service overloaded",
            "The service, or the caller, has as much open as it may have at a time.",
            "Call again after Retry-After, ask for less, or raise vantage.live.max-streams or"
                    + " vantage.datasource.max-queued-requests.");

    private final String slug;
    private final int status;
    private final String title;
    private final String meaning;
    private final String remedy;

    ProblemType(String slug, int status, String title, String meaning, String remedy) {
        this.slug = slug;
        this.status = status;
        this.title = title;
        this.meaning = meaning;
        this.remedy = remedy;
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

    /** What has happened, in one sentence. */
    public String meaning() {
        return meaning;
    }

    /** What to do about it, in one sentence. */
    public String remedy() {
        return remedy;
    }

    /** The type as a relative URI, {@code /problems/sync-not-running}. */
    public String uri() {
        return "/problems/" + slug;
    }

    public static Optional<ProblemType> ofSlug(@Nullable String slug) {
        return Arrays.stream(values()).filter(type -> type.slug.equals(slug)).findFirst();
    }

    /** The general type of a status, for errors that are answered outside our own code. */
    public static ProblemType ofStatus(int status) {
        return switch (status) {
            case 401 -> UNAUTHENTICATED;
            case 403 -> FORBIDDEN;
            case 404 -> NOT_FOUND;
            case 405 -> METHOD_NOT_ALLOWED;
            case 406 -> NOT_ACCEPTABLE;
            case 408 -> REQUEST_TIMEOUT;
            case 413 -> PAYLOAD_TOO_LARGE;
            case 415 -> UNSUPPORTED_MEDIA_TYPE;
            case 429 -> TOO_MANY_REQUESTS;
            case 503 -> DATABASE_UNAVAILABLE;
            // A transfer encoding, or a version of HTTP, that the server does not know: it is the caller's choice.
            case 501, 505 -> INVALID_REQUEST;
            default -> status >= 400 && status < 500 ? INVALID_REQUEST : INTERNAL_ERROR;
        };
    }
}
