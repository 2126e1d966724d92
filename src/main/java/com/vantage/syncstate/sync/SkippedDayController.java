package com.vantage.syncstate.sync;

import com.vantage.syncstate.error.ProblemType;
import com.vantage.syncstate.http.ETagBuilder;
import com.vantage.syncstate.http.Problems;
import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.Parameter;
import io.swagger.v3.oas.annotations.tags.Tag;
import java.time.LocalDate;
import java.util.List;
import org.springframework.http.HttpStatus;
import org.springframework.http.MediaType;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.DeleteMapping;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PutMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.ResponseStatus;
import org.springframework.web.bind.annotation.RestController;

/** Lists, adds and removes the days on which a resource is not due. */
@Tag(name = "States")
@RestController
@RequestMapping(path = "/sync-states/{resource}/skipped-days", produces = MediaType.APPLICATION_JSON_VALUE)
class SkippedDayController {

    private final SkippedDayRepository days;

    SkippedDayController(SkippedDayRepository days) {
        this.days = days;
    }

    @Operation(
            operationId = "listSkippedDays",
            summary = "List the days on which a resource is not due",
            description = "Those that have passed and those to come, in their order; none where it skips none.")
    @Problems(ProblemType.SYNC_STATE_NOT_FOUND)
    @GetMapping
    ResponseEntity<List<SkippedDay>> list(@PathVariable @ResourceName String resource) {
        List<SkippedDay> found = days.list(resource);
        var tag = new ETagBuilder();
        found.forEach(day -> tag.add(day.toString()));
        return ETagBuilder.answer(tag.value()).body(found);
    }

    @Operation(
            operationId = "skipDay",
            summary = "Skip a day of a schedule",
            description =
                    "A holiday, or a day on which the source is away: what the cron of the resource has on it is not due. A day that has passed may be skipped as well, which ends the alert that it caused. Repeating it changes the reason.")
    @Problems({ProblemType.SYNC_STATE_NOT_FOUND, ProblemType.NO_CALENDAR})
    @PutMapping("/{day}")
    SkippedDay skip(
            @PathVariable @ResourceName String resource,
            @Parameter(example = "2026-12-25", description = "As the time zone of the schedule has it") @PathVariable
                    LocalDate day,
            @RequestBody SkippedDay.Request request) {
        return days.skip(resource, day, request.reason());
    }

    @Operation(
            operationId = "unskipDay",
            summary = "Do not skip a day after all",
            description = "Changes nothing where it is not skipped.")
    @Problems({ProblemType.SYNC_STATE_NOT_FOUND, ProblemType.NO_CALENDAR})
    @DeleteMapping(path = "/{day}", produces = MediaType.ALL_VALUE)
    @ResponseStatus(HttpStatus.NO_CONTENT)
    void unskip(
            @PathVariable @ResourceName String resource,
            @Parameter(example = "2026-12-25", description = "As the time zone of the schedule has it") @PathVariable
                    LocalDate day) {
        days.unskip(resource, day);
    }
}
