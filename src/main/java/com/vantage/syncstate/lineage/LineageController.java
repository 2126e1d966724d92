package com.vantage.syncstate.lineage;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.vantage.syncstate.error.ProblemType;
import com.vantage.syncstate.error.RequestRejected;
import com.vantage.syncstate.http.Problems;
import com.vantage.syncstate.sync.ResourceName;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.Parameter;
import io.swagger.v3.oas.annotations.media.Content;
import io.swagger.v3.oas.annotations.media.ExampleObject;
import io.swagger.v3.oas.annotations.media.Schema;
import io.swagger.v3.oas.annotations.parameters.RequestBody;
import io.swagger.v3.oas.annotations.tags.Tag;
import jakarta.servlet.http.HttpServletRequest;
import java.io.IOException;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.event.Level;
import org.springframework.http.HttpHeaders;
import org.springframework.http.MediaType;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;

/** Takes the events that Airflow, dbt, Spark and others emit, at the address that they are used to. */
@Tag(name = "Lineage", description = "Run events of OpenLineage, as Airflow, dbt and Spark emit them.")
@RestController
class LineageController {

    static final String PATH = "/api/v1/lineage";

    private static final Logger log = LoggerFactory.getLogger(LineageController.class);
    private static final Pattern NAME = Pattern.compile(ResourceName.PATTERN);

    private final LineageRepository lineage;
    private final LineageProperties properties;
    private final MeterRegistry meters;

    LineageController(LineageRepository lineage, LineageProperties properties, MeterRegistry meters) {
        this.lineage = lineage;
        this.properties = properties;
        this.meters = meters;
    }

    @Operation(
            operationId = "recordLineage",
            summary = "Record an event of a run",
            description =
                    "In any order, more than once, and late: the times are those of the events. Whatever comes of an event is answered with 200, since the clients repeat nothing; 400 is for what is no event. May be compressed by gzip; at most 10 MiB.")
    @RequestBody(
            required = true,
            content =
                    @Content(
                            mediaType = MediaType.APPLICATION_JSON_VALUE,
                            schema = @Schema(type = "object", description = "An event of OpenLineage, schema 2-0-2"),
                            examples = @ExampleObject(value = """
                                                    {"eventType": "START", "eventTime": "2026-11-22T05:30:00Z", "run": {"runId": "0b9ff6a3-5f0e-4b7c-9f60-2a3a5a0c9d11"}, "job": {"namespace": "airflow", "name": "accounts"}, "producer": "https://example.com/etl", "schemaURL": "https://openlineage.io/spec/2-0-2/OpenLineage.json#/$defs/RunEvent"}""")))
    @Problems({ProblemType.PAYLOAD_TOO_LARGE, ProblemType.UNSUPPORTED_MEDIA_TYPE})
    @PostMapping(path = PATH, consumes = MediaType.APPLICATION_JSON_VALUE, produces = MediaType.APPLICATION_JSON_VALUE)
    Receipt record(
            @Parameter(
                            example = "accounts",
                            description = "What the event is about; the name of its job where this is left out")
                    @RequestParam(required = false)
                    @ResourceName
                    @Nullable
                    String resource,
            HttpServletRequest request)
            throws IOException {
        ValidRunEvent event = ValidRunEvent.of(
                RunEventReader.read(request.getInputStream(), request.getHeader(HttpHeaders.CONTENT_ENCODING)));
        Receipt receipt = record(resource, event);
        Counter.builder("vantage.openlineage.events")
                .description("Events of OpenLineage by outcome")
                .tag("outcome", receipt.outcome())
                .register(meters)
                .increment();
        return receipt;
    }

    private Receipt record(@Nullable String asked, @Nullable ValidRunEvent event) {
        if (event == null) {
            return new Receipt(asked, "ignored", null);
        }
        String resource = asked == null ? event.job() : asked;
        if (!NAME.matcher(resource).matches()) {
            return new Receipt(null, "ignored", null);
        }
        String outcome;
        String problem = null;
        try {
            outcome = lineage.record(
                    resource,
                    event.runId(),
                    event.type(),
                    event.time(),
                    event.records(),
                    event.errors(),
                    properties.registers(resource));
            if (outcome.equals("unregistered")) {
                // Jobs that nobody watches are many; a name that was asked for is a typing error.
                outcome = asked == null ? "ignored" : "refused";
                problem = asked == null ? null : ProblemType.SYNC_STATE_NOT_FOUND.slug();
            }
        } catch (RequestRejected rejected) {
            outcome = "refused";
            problem = rejected.problem().slug();
        }
        log.atLevel(outcome.equals("ignored") ? Level.DEBUG : Level.INFO)
                .addKeyValue("resource", resource)
                .addKeyValue("event", event.type())
                .addKeyValue("outcome", outcome)
                .log("lineage {} {}: {}", event.type(), resource, problem == null ? outcome : problem);
        return new Receipt(resource, outcome, problem);
    }

    /**
     * What has come of an event.
     *
     * @param resource null where the event is about none
     * @param problem why it was refused
     */
    record Receipt(
            @Schema(example = "accounts") @Nullable String resource,

            @Schema(
                    example = "applied",
                    allowableValues = {"applied", "repeated", "late", "ignored", "refused"})
            String outcome,

            @JsonInclude(JsonInclude.Include.NON_NULL) @Schema(example = "sync-already-running") @Nullable
            String problem) {}
}
