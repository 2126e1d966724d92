package com.vantage.syncstate.live;

import com.vantage.syncstate.http.ExplicitlyAccepts;
import io.swagger.v3.oas.annotations.Operation;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import org.springframework.http.MediaType;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RestController;

/** Answers those who ask for the states as events. */
@RestController
class LiveController {

    private final StatePoller watcher;

    LiveController(StatePoller watcher) {
        this.watcher = watcher;
    }

    @Operation(
            summary = "Follow the states",
            description =
                    "As text/event-stream: snapshot with every state on each connect, then sync-state with one state a change, and deleted. The event unavailable says that the database does not answer; a snapshot follows when it does.")
    @GetMapping(path = "/sync-states", produces = MediaType.TEXT_EVENT_STREAM_VALUE)
    @ExplicitlyAccepts(MediaType.TEXT_EVENT_STREAM_VALUE)
    void stream(HttpServletRequest request, HttpServletResponse response) throws IOException {
        response.setContentType(MediaType.TEXT_EVENT_STREAM_VALUE);
        // A proxy that gathered events before it passes them on would make them late.
        response.setHeader("X-Accel-Buffering", "no");
        if (request.getMethod().equals("GET")) {
            watcher.open(request, response);
        }
    }
}
