package com.vantage.syncstate.badge;

import com.vantage.syncstate.error.ProblemType;
import com.vantage.syncstate.error.RequestRejected;
import com.vantage.syncstate.http.ETagBuilder;
import com.vantage.syncstate.http.Problems;
import com.vantage.syncstate.security.ResourceCode;
import com.vantage.syncstate.sync.ResourceName;
import com.vantage.syncstate.sync.SyncStateRepository;
import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.media.Content;
import io.swagger.v3.oas.annotations.media.Schema;
import io.swagger.v3.oas.annotations.responses.ApiResponse;
import io.swagger.v3.oas.annotations.security.SecurityRequirements;
import io.swagger.v3.oas.annotations.tags.Tag;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import org.springframework.http.MediaType;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.RestController;
import org.springframework.web.servlet.support.ServletUriComponentsBuilder;

/** Serves badges: to readers by resource, and to the public at addresses that nobody can guess. */
@Tag(name = "Badges", description = "A state as a picture, for pages that show how things stand.")
@RestController
class BadgeController {

    private static final String SVG = "image/svg+xml";

    private final BadgeRepository badges;
    private final ResourceCode codes;

    BadgeController(BadgeRepository badges) {
        this.badges = badges;
        this.codes = new ResourceCode("badge", badges::secret);
    }

    @Operation(
            operationId = "getBadgePicture",
            summary = "Show a resource as a badge",
            description = "Its worst alert decides, and where there is none, its status.")
    @ApiResponse(responseCode = "200", content = @Content(mediaType = SVG, schema = @Schema(type = "string")))
    @Problems(ProblemType.SYNC_STATE_NOT_FOUND)
    @GetMapping(path = "/sync-states/{resource}/badge.svg", produces = SVG)
    ResponseEntity<String> picture(@PathVariable @ResourceName String resource) {
        return answer(badge(resource), BadgeSvg::draw, SVG);
    }

    @Operation(
            operationId = "getBadge",
            summary = "Read the badge of a resource",
            description = "In the endpoint schema of shields.io.")
    @Problems(ProblemType.SYNC_STATE_NOT_FOUND)
    @GetMapping(path = "/sync-states/{resource}/badge.json", produces = MediaType.APPLICATION_JSON_VALUE)
    ResponseEntity<Badge> json(@PathVariable @ResourceName String resource) {
        return answer(badge(resource), Function.identity(), MediaType.APPLICATION_JSON_VALUE);
    }

    @Operation(
            operationId = "listPublicBadges",
            summary = "List the addresses of public badges",
            description =
                    "For pages that cannot send a key; with a snippet of Markdown. They begin with the address that the request came to. Requires a service key: whoever has an address sees that resource's badge, and nothing else.")
    @GetMapping(path = "/badges", produces = MediaType.APPLICATION_JSON_VALUE)
    ResponseEntity<List<BadgeAddresses>> addresses() {
        String base = ServletUriComponentsBuilder.fromCurrentContextPath().toUriString();
        List<BadgeAddresses> addresses = badges.resources().stream()
                .map(resource -> BadgeAddresses.of(resource, base + "/badges/" + codes.of(resource) + "/" + resource))
                .toList();
        return ETagBuilder.answer(new ETagBuilder().add(addresses.toString()).value())
                .body(addresses);
    }

    @Operation(
            operationId = "getPublicBadgePicture",
            summary = "Show a public badge",
            description = "At an address that nobody can guess, which takes the place of a key.")
    @SecurityRequirements
    @ApiResponse(responseCode = "200", content = @Content(mediaType = SVG, schema = @Schema(type = "string")))
    @Problems(ProblemType.NOT_FOUND)
    @GetMapping(path = "/badges/{code}/{resource}.svg", produces = SVG)
    ResponseEntity<String> publicPicture(@PathVariable String code, @PathVariable String resource) {
        return answer(badge(resource, code), BadgeSvg::draw, SVG);
    }

    @Operation(
            operationId = "getPublicBadge",
            summary = "Read a public badge",
            description = "In the endpoint schema of shields.io, at an address that nobody can guess.")
    @SecurityRequirements
    @Problems(ProblemType.NOT_FOUND)
    @GetMapping(path = "/badges/{code}/{resource}.json", produces = MediaType.APPLICATION_JSON_VALUE)
    ResponseEntity<Badge> publicJson(@PathVariable String code, @PathVariable String resource) {
        return answer(badge(resource, code), Function.identity(), MediaType.APPLICATION_JSON_VALUE);
    }

    private Badge badge(String resource) {
        return badges.find(resource).orElseThrow(() -> SyncStateRepository.notFound(resource));
    }

    /** A wrong code and a resource that is not there are answered alike. */
    private Badge badge(String resource, String code) {
        return (codes.matches(resource, code) ? badges.find(resource) : Optional.<Badge>empty())
                .orElseThrow(() -> new RequestRejected(
                        ProblemType.NOT_FOUND,
                        "No badge has this address. GET /badges lists the addresses for a service key.",
                        RequestRejected.Details.NONE));
    }

    private static <T> ResponseEntity<T> answer(Badge badge, Function<Badge, T> form, String mediaType) {
        return ETagBuilder.answer(badge.tag())
                .contentType(MediaType.parseMediaType(mediaType))
                .body(form.apply(badge));
    }

    /**
     * The addresses of the public badge of a resource.
     *
     * @param svg of the picture
     * @param json of the same for shields.io
     * @param markdown the picture, to paste into a page
     */
    record BadgeAddresses(
            @Schema(example = "accounts") String resource,

            @Schema(format = "uri", example = "https://sync.example.com/badges/0hYEFmFGZ2fHqvHmz3tQxw/accounts.svg")
            String svg,

            @Schema(format = "uri", example = "https://sync.example.com/badges/0hYEFmFGZ2fHqvHmz3tQxw/accounts.json")
            String json,

            @Schema(example = "![accounts](https://sync.example.com/badges/0hYEFmFGZ2fHqvHmz3tQxw/accounts.svg)")
            String markdown) {

        /** @param address without the suffix of a form */
        static BadgeAddresses of(String resource, String address) {
            return new BadgeAddresses(
                    resource, address + ".svg", address + ".json", "![" + resource + "](" + address + ".svg)");
        }
    }
}
