package com.vantage.syncstate.incident;

import com.vantage.syncstate.error.InvalidRequest;
import com.vantage.syncstate.error.ProblemType;
import com.vantage.syncstate.http.ETagBuilder;
import com.vantage.syncstate.http.Problems;
import com.vantage.syncstate.http.QueryParameter;
import com.vantage.syncstate.sync.ResourceName;
import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.Parameter;
import io.swagger.v3.oas.annotations.media.Schema;
import io.swagger.v3.oas.annotations.tags.Tag;
import java.util.List;
import java.util.Objects;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.http.MediaType;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;

/** Reads incidents, and takes acknowledgements. */
@Tag(
        name = "Incidents",
        description = "What is or was wrong for a while, from the first alert of a resource to the last.")
@RestController
@RequestMapping(path = "/incidents", produces = MediaType.APPLICATION_JSON_VALUE)
class IncidentController {

    private final IncidentRepository incidents;

    IncidentController(IncidentRepository incidents) {
        this.incidents = incidents;
    }

    @Operation(
            operationId = "listIncidents",
            summary = "List the incidents, newest first",
            description =
                    "At most one of a resource is open. It opens with the first alert, or once fail_after runs in a row have failed; a success closes it, and a retry that starts does not.")
    @GetMapping
    ResponseEntity<IncidentPage> list(
            @Parameter(
                            schema = @Schema(type = "boolean"),
                            description = "true for those that are open, false for those that are closed")
                    @RequestParam(required = false)
                    @Nullable
                    String open,
            @Parameter(example = "funds") @RequestParam(required = false) @ResourceName @Nullable String resource,
            @Parameter(
                            schema =
                                    @Schema(
                                            type = "integer",
                                            format = "int32",
                                            minimum = "1",
                                            maximum = "100",
                                            defaultValue = "20"))
                    @RequestParam(required = false)
                    @Nullable
                    String limit,
            @Parameter(description = "The value of next in the previous answer")
                    @RequestParam(required = false)
                    @Nullable
                    String cursor) {
        int size = limit == null ? IncidentPage.DEFAULT_SIZE : QueryParameter.limit(limit, IncidentPage.MAX_SIZE);
        IncidentCursor after = cursor == null ? null : IncidentCursor.read(cursor);

        // One more than requested: if it is there, so is a next page.
        List<Incident> found = incidents.page(open == null ? null : isOpen(open), resource, after, size + 1);
        List<Incident> page = found.subList(0, Math.min(size, found.size()));
        var answer = new IncidentPage(
                page,
                found.size() > size ? IncidentCursor.after(page.get(size - 1)).text() : null);
        return ETagBuilder.answer(tag(page).add(answer.next()).value()).body(answer);
    }

    @Operation(
            operationId = "getIncident",
            summary = "Read one incident",
            description = "With all of its events, oldest first.")
    @Problems(ProblemType.INCIDENT_NOT_FOUND)
    @GetMapping("/{incident_id}")
    ResponseEntity<Incident> get(@PathVariable("incident_id") UUID incidentId) {
        Incident incident = incidents.get(incidentId);
        return ETagBuilder.answer(tag(List.of(incident)).value()).body(incident);
    }

    @Operation(
            operationId = "acknowledgeIncident",
            summary = "Acknowledge an incident",
            description =
                    "Says that somebody takes care of it, which ends reminders until it gets worse or is closed. Repeating it changes nothing.")
    @Problems({ProblemType.INCIDENT_NOT_FOUND, ProblemType.INCIDENT_CLOSED})
    @PostMapping("/{incident_id}/acknowledge")
    Incident acknowledge(
            @PathVariable("incident_id") UUID incidentId,
            @RequestBody(required = false) @Nullable AcknowledgeRequest body) {
        AcknowledgeRequest request = Objects.requireNonNullElse(body, AcknowledgeRequest.ANONYMOUS);
        return incidents.acknowledge(incidentId, request.by(), request.note());
    }

    private static boolean isOpen(String open) {
        return switch (open) {
            case "true" -> true;
            case "false" -> false;
            default -> throw InvalidRequest.parameter("open", "must be true or false");
        };
    }

    private static ETagBuilder tag(List<Incident> incidents) {
        var tag = new ETagBuilder();
        incidents.forEach(incident -> tag.add(incident.toString()));
        return tag;
    }

    /**
     * Who takes care of it, and what there is to note; either may be left out.
     *
     * @param by at most 200 characters
     * @param note at most 2,000 characters
     */
    record AcknowledgeRequest(
            @Schema(example = "Ada", maxLength = 200) @Nullable
            String by,

            @Schema(example = "The source is down until noon", maxLength = 2000) @Nullable
            String note) {

        static final AcknowledgeRequest ANONYMOUS = new AcknowledgeRequest(null, null);
    }
}
