package com.vantage.syncstate.notify;

import com.vantage.syncstate.error.ProblemType;
import com.vantage.syncstate.http.ETagBuilder;
import com.vantage.syncstate.http.Problems;
import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.tags.Tag;
import java.util.List;
import java.util.UUID;
import org.springframework.http.HttpStatus;
import org.springframework.http.MediaType;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.DeleteMapping;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.ResponseStatus;
import org.springframework.web.bind.annotation.RestController;

/** Lists, makes and ends mutes. */
@Tag(name = "Notifications")
@RestController
@RequestMapping(path = "/mutes", produces = MediaType.APPLICATION_JSON_VALUE)
class MuteController {

    private final MuteRepository mutes;

    MuteController(MuteRepository mutes) {
        this.mutes = mutes;
    }

    @Operation(
            operationId = "listMutes",
            summary = "List the mutes",
            description = "Those that go on or are to come, in the order of their beginning.")
    @GetMapping
    ResponseEntity<List<Mute>> list() {
        List<Mute> found = mutes.list();
        var tag = new ETagBuilder();
        found.forEach(mute -> tag.add(mute.toString()));
        return ETagBuilder.answer(tag.value()).body(found);
    }

    @Operation(
            operationId = "mute",
            summary = "Mute resources for a while",
            description =
                    "Stops notifications, never watching: incidents open and close as ever, whoever was notified of an opening is notified of its closing, and what is still wrong at the end is sent once.")
    @PostMapping
    @ResponseStatus(HttpStatus.CREATED)
    Mute mute(@RequestBody Mute.Request request) {
        return mutes.mute(request);
    }

    @Operation(operationId = "endMute", summary = "End a mute", description = "What is still wrong is sent then.")
    @Problems(ProblemType.MUTE_NOT_FOUND)
    @DeleteMapping(path = "/{mute_id}", produces = MediaType.ALL_VALUE)
    @ResponseStatus(HttpStatus.NO_CONTENT)
    void end(@PathVariable("mute_id") UUID muteId) {
        mutes.end(muteId);
    }
}
