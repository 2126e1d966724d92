package com.vantage.syncstate.http;

import com.vantage.syncstate.error.ProblemType;
import com.vantage.syncstate.error.RequestRejected;
import com.vantage.syncstate.error.RequestRejected.Details;
import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.Parameter;
import io.swagger.v3.oas.annotations.media.Schema;
import io.swagger.v3.oas.annotations.security.SecurityRequirements;
import io.swagger.v3.oas.annotations.tags.Tag;
import org.springframework.http.MediaType;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.RestController;
import org.springframework.web.util.HtmlUtils;

/** Explains each type of problem at the address that a problem names. */
@Tag(name = "Problems", description = "What each type of problem means, and what to do about it.")
@RestController
class ProblemTypeController {

    private static final String PATH = "/problems/{slug}";

    private static final String PAGE = """
            <!doctype html>
            <html lang="en">
            <head>
              <meta charset="utf-8">
              <meta name="viewport" content="width=device-width">
              <meta name="color-scheme" content="light dark">
              <title>%1$s</title>
            </head>
            <body>
              <h1>%1$s</h1>
              <p><code>%2$s</code>, status %3$d</p>
              <h2>What it means</h2>
              <p>%4$s</p>
              <h2>What to do</h2>
              <p>%5$s</p>
            </body>
            </html>
            """;

    @Operation(
            operationId = "getProblemType",
            summary = "Explain a type of problem",
            description = "As JSON; a browser gets a page.")
    @SecurityRequirements
    @Problems(ProblemType.NOT_FOUND)
    @GetMapping(path = PATH, produces = MediaType.APPLICATION_JSON_VALUE)
    ResponseEntity<ProblemTypeDescription> json(@Parameter(example = "sync-not-running") @PathVariable String slug) {
        var description = ProblemTypeDescription.of(type(slug));
        return ETagBuilder.answer(new ETagBuilder().add(description.toString()).value())
                .body(description);
    }

    @Operation(
            operationId = "getProblemType",
            summary = "Explain a type of problem",
            description = "As JSON; a browser gets a page.")
    @SecurityRequirements
    @Problems(ProblemType.NOT_FOUND)
    @GetMapping(path = PATH, produces = MediaType.TEXT_HTML_VALUE)
    @ExplicitlyAccepts(MediaType.TEXT_HTML_VALUE)
    ResponseEntity<String> page(@Parameter(example = "sync-not-running") @PathVariable String slug) {
        ProblemType type = type(slug);
        String page = PAGE.formatted(
                html(type.title()), type.uri(), type.status(), html(type.meaning()), html(type.remedy()));
        return ETagBuilder.answer(new ETagBuilder().add(page).value()).body(page);
    }

    private static ProblemType type(String slug) {
        return ProblemType.ofSlug(slug)
                .orElseThrow(() -> new RequestRejected(
                        ProblemType.NOT_FOUND,
                        "There is no problem of this type. See /v3/api-docs for available endpoints.",
                        Details.NONE));
    }

    private static String html(String text) {
        return HtmlUtils.htmlEscape(text, "UTF-8");
    }

    /**
     * A type of problem.
     *
     * @param type as problems name it
     * @param meaning what has happened
     * @param remedy what to do about it
     */
    record ProblemTypeDescription(
            @Schema(example = "/problems/sync-not-running") String type,
            @Schema(example = "Sync not running") String title,
            @Schema(example = "409") int status,

            @Schema(example = "The resource has no run to end or to report on.")
            String meaning,

            @Schema(example = "Start it first.") String remedy) {

        static ProblemTypeDescription of(ProblemType type) {
            return new ProblemTypeDescription(type.uri(), type.title(), type.status(), type.meaning(), type.remedy());
        }
    }
}
