package com.vantage.syncstate.alert;

import com.vantage.syncstate.http.ETagBuilder;
import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.tags.Tag;
import java.util.List;
import org.springframework.http.MediaType;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RestController;

/** Lists the alerts. */
@Tag(name = "Alerts", description = "What is wrong at this moment, over all resources.")
@RestController
@RequestMapping(path = "/alerts", produces = MediaType.APPLICATION_JSON_VALUE)
class AlertController {

    private final AlertRepository alerts;

    AlertController(AlertRepository alerts) {
        this.alerts = alerts;
    }

    @Operation(
            operationId = "listAlerts",
            summary = "List the alerts of all resources, worst first",
            description =
                    "By kind, failed, stuck, stale, slow; of one kind, the one that has lasted longest comes first. Before them comes undelivered, of a channel that has delivered no notification for 15 minutes; its resource is channel/ and the name.")
    @GetMapping
    ResponseEntity<List<Alert>> list() {
        List<Alert> found = alerts.worstFirst();
        var tag = new ETagBuilder();
        found.forEach(alert -> tag.add(alert.toString()));
        return ETagBuilder.answer(tag.value()).body(found);
    }
}
