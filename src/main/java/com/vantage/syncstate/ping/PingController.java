package com.vantage.syncstate.ping;

import com.vantage.syncstate.error.ProblemType;
import com.vantage.syncstate.error.RequestRejected;
import com.vantage.syncstate.http.ETagBuilder;
import com.vantage.syncstate.http.ReadsOwnQuery;
import com.vantage.syncstate.security.Caller;
import com.vantage.syncstate.security.RateLimit;
import com.vantage.syncstate.security.ResourceCode;
import com.vantage.syncstate.sync.LifecycleMetrics;
import com.vantage.syncstate.sync.ResourceName;
import io.swagger.v3.oas.annotations.Hidden;
import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.media.Schema;
import io.swagger.v3.oas.annotations.tags.Tag;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.springframework.http.CacheControl;
import org.springframework.http.HttpStatus;
import org.springframework.http.MediaType;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestMethod;
import org.springframework.web.bind.annotation.RestController;
import org.springframework.web.servlet.support.ServletUriComponentsBuilder;

/** Takes pings, and lists the addresses that need no key. */
@Tag(name = "Pings", description = "Addresses that jobs ping which can send no JSON, by the protocol of Healthchecks.")
@ReadsOwnQuery
@RestController
class PingController {

    private static final String LIMIT_HEADER = "Ping-Body-Limit";
    private static final Pattern NAME = Pattern.compile(ResourceName.PATTERN);

    private final PingRepository pings;
    private final PingKeys keys;
    private final ResourceCode codes;
    private final RateLimit limit;
    private final LifecycleMetrics calls;

    PingController(PingRepository pings, PingKeys keys, RateLimit limit, LifecycleMetrics calls) {
        this.pings = pings;
        this.keys = keys;
        this.codes = new ResourceCode("ping", pings::secret);
        this.limit = limit;
        this.calls = calls;
    }

    @Operation(
            summary = "List the addresses to ping",
            description =
                    "For jobs that can only request an address: append /start, /fail, /log or the exit code. They begin with the address that the request came to. Requires a service key: whoever has an address reports for that resource, and can do nothing else.")
    @GetMapping(path = "/pings", produces = MediaType.APPLICATION_JSON_VALUE)
    ResponseEntity<List<PingAddress>> addresses() {
        String base = ServletUriComponentsBuilder.fromCurrentContextPath().toUriString();
        List<PingAddress> addresses = pings.resources().stream()
                .map(resource -> PingAddress.of(resource, base + "/ping/" + codes.of(resource) + "/" + resource))
                .toList();
        return ETagBuilder.answer(new ETagBuilder().add(addresses.toString()).value())
                .body(addresses);
    }

    @Hidden
    @RequestMapping(
            path = {"/ping/{key}/{resource}", "/ping/{key}/{resource}/{signal}"},
            method = {RequestMethod.GET, RequestMethod.POST})
    ResponseEntity<byte[]> ping(
            @PathVariable String key,
            @PathVariable String resource,
            @PathVariable(required = false) @Nullable String signal,
            HttpServletRequest request,
            HttpServletResponse response)
            throws IOException {
        // Before the body is read: only who has a key may send a long one.
        String used = NAME.matcher(resource).matches() ? keyUsed(request, key, resource) : null;
        if (used == null) {
            throw rejected(ProblemType.NOT_FOUND, PingErrorFormat.NOT_FOUND);
        }
        String refusal = limit.refuse(Caller.ofKey(used), response);
        if (refusal != null) {
            throw rejected(ProblemType.TOO_MANY_REQUESTS, refusal);
        }
        PingParameters parameters = PingParameters.of(request);
        Signal.of(signal, "");
        Signal sent = Signal.of(signal, Output.lastOf(request.getInputStream()));
        boolean registered = calls.record("ping", resource, () -> pings.report(resource, sent, parameters));
        return ResponseEntity.status(registered ? HttpStatus.CREATED : HttpStatus.OK)
                .contentType(MediaType.TEXT_PLAIN)
                .cacheControl(CacheControl.noStore())
                .header(LIMIT_HEADER, String.valueOf(Output.MAX_BYTES))
                .body((registered ? "Created" : "OK").getBytes(StandardCharsets.US_ASCII));
    }

    /** Null where none opens the address. */
    private @Nullable String keyUsed(HttpServletRequest request, String key, String resource) {
        if (key.equals("-")) {
            return keys.inHeaderOf(request);
        }
        return keys.contains(key) || codes.matches(resource, key) ? key : null;
    }

    private static RequestRejected rejected(ProblemType type, String message) {
        return new RequestRejected(type, message, RequestRejected.Details.NONE);
    }

    /**
     * The address that a job of a resource pings.
     *
     * @param curl reports the exit code of the command before it
     */
    record PingAddress(
            @Schema(example = "accounts") String resource,

            @Schema(format = "uri", example = "https://sync.example.com/ping/0hYEFmFGZ2fHqvHmz3tQxw/accounts")
            String url,

            @Schema(
                    example =
                            "curl -fsS -m 10 --retry 3 -o /dev/null https://sync.example.com/ping/0hYEFmFGZ2fHqvHmz3tQxw/accounts/$?")
            String curl) {

        static PingAddress of(String resource, String url) {
            return new PingAddress(resource, url, "curl -fsS -m 10 --retry 3 -o /dev/null " + url + "/$?");
        }
    }
}
