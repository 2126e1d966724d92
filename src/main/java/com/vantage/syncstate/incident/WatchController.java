package com.vantage.syncstate.incident;

import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.tags.Tag;
import org.springframework.http.CacheControl;
import org.springframework.http.MediaType;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RestController;

/** Says whether incidents are up to date. */
@Tag(name = "Incidents")
@RestController
class WatchController {

    private final WatchRepository watch;

    WatchController(WatchRepository watch) {
        this.watch = watch;
    }

    @Operation(
            operationId = "getWatch",
            summary = "Read whether the alerts are evaluated in time",
            description =
                    "Behind means that no instance has evaluated them for over a minute: incidents open and close late.")
    @GetMapping(path = "/watch", produces = MediaType.APPLICATION_JSON_VALUE)
    ResponseEntity<Watch> get() {
        return ResponseEntity.ok().cacheControl(CacheControl.noStore()).body(watch.get());
    }
}
