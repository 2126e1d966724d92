package com.vantage.syncstate.live;

import com.vantage.syncstate.http.ExplicitlyAccepts;
import com.vantage.syncstate.security.Caller;
import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.media.Content;
import io.swagger.v3.oas.annotations.media.Schema;
import io.swagger.v3.oas.annotations.responses.ApiResponse;
import io.swagger.v3.oas.annotations.tags.Tag;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.util.Objects;
import org.springframework.http.MediaType;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RestController;

/** Streams the states to those who accept events. */
@Tag(name = "States")
@RestController
class LiveController {

    private final StatePoller poller;

    LiveController(StatePoller poller) {
        this.poller = poller;
    }

    @Operation
    @ApiResponse(
            responseCode = "200",
            content = @Content(mediaType = MediaType.TEXT_EVENT_STREAM_VALUE, schema = @Schema(type = "string")))
    @GetMapping(path = "/sync-states", produces = MediaType.TEXT_EVENT_STREAM_VALUE)
    @ExplicitlyAccepts(MediaType.TEXT_EVENT_STREAM_VALUE)
    void stream(HttpServletRequest request, HttpServletResponse response) throws IOException {
        response.setContentType(MediaType.TEXT_EVENT_STREAM_VALUE);
        // A proxy that buffers events would delay them.
        response.setHeader("X-Accel-Buffering", "no");
        if (request.getMethod().equals("GET")) {
            poller.open(request, response, Caller.of(Objects.requireNonNull(request.getUserPrincipal())));
        }
    }
}
