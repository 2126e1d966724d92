package com.vantage.syncstate.security;

import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.media.Schema;
import io.swagger.v3.oas.annotations.tags.Tag;
import java.util.Locale;
import org.springframework.http.CacheControl;
import org.springframework.http.MediaType;
import org.springframework.http.ResponseEntity;
import org.springframework.security.core.Authentication;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RestController;

/** Says what the caller may do, so that a page offers nothing that would be refused. */
@Tag(name = "Callers", description = "What a key or a token may do.")
@RestController
class CallerController {

    @Operation(
            operationId = "getCaller",
            summary = "Read the role of the key or token",
            description = "A reader may read; a service may read and write.")
    @GetMapping(path = "/caller", produces = MediaType.APPLICATION_JSON_VALUE)
    ResponseEntity<CallerRole> get(Authentication caller) {
        Role role = Role.SERVICE.isHeldBy(caller) ? Role.SERVICE : Role.READER;
        return ResponseEntity.ok()
                .cacheControl(CacheControl.noStore())
                .body(new CallerRole(role.name().toLowerCase(Locale.ROOT)));
    }

    @Schema(name = "Caller")
    record CallerRole(
            @Schema(allowableValues = {"reader", "service"}) String role) {}
}
