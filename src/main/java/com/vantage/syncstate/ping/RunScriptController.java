package com.vantage.syncstate.ping;

import com.vantage.syncstate.http.ETagBuilder;
import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.media.Content;
import io.swagger.v3.oas.annotations.media.Schema;
import io.swagger.v3.oas.annotations.responses.ApiResponse;
import io.swagger.v3.oas.annotations.security.SecurityRequirements;
import io.swagger.v3.oas.annotations.tags.Tag;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import org.springframework.core.io.ClassPathResource;
import org.springframework.http.MediaType;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RestController;

/** Serves the script that runs a command as one sync. */
@Tag(name = "Pings")
@RestController
class RunScriptController {

    private static final String SHELL_SCRIPT = "text/x-shellscript";

    private final byte[] script;
    private final String tag;

    RunScriptController() throws IOException {
        script = new ClassPathResource("run.sh").getContentAsByteArray();
        tag = new ETagBuilder().add(new String(script, StandardCharsets.UTF_8)).value();
    }

    @Operation(
            summary = "Download the script that wraps a job",
            description =
                    "For POSIX sh, with curl: runs a command as one sync of a resource. Its first lines say how to call it.")
    @SecurityRequirements
    @ApiResponse(responseCode = "200", content = @Content(mediaType = SHELL_SCRIPT, schema = @Schema(type = "string")))
    @GetMapping(path = "/run.sh", produces = SHELL_SCRIPT)
    ResponseEntity<byte[]> script() {
        return ETagBuilder.answer(tag)
                .contentType(new MediaType(MediaType.parseMediaType(SHELL_SCRIPT), StandardCharsets.UTF_8))
                .body(script);
    }
}
