package com.vantage.syncstate.supabase;

import io.swagger.v3.oas.annotations.Hidden;
import jakarta.servlet.http.HttpServletRequest;
import java.io.IOException;
import java.util.List;
import java.util.Set;
import org.springframework.http.HttpHeaders;
import org.springframework.http.ResponseEntity;
import org.springframework.security.core.Authentication;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RestController;

/** Serves the lifecycle functions to supabase-js's {@code rpc(…)}. */
@Hidden
@RestController
class RoutineController {

    private static final Set<String> PARAMETERS = Set.of("select", "columns");

    private final Catalog catalog;
    private final RoutineCaller routines;

    RoutineController(Catalog catalog, RoutineCaller routines) {
        this.catalog = catalog;
        this.routines = routines;
    }

    /** They all write, so POST is the one method: PostgREST would run a GET in a transaction that cannot. */
    @RequestMapping("/rest/v1/rpc/{function}")
    ResponseEntity<byte[]> call(@PathVariable String function, HttpServletRequest request, Authentication caller)
            throws IOException {
        String method = request.getMethod();
        if (method.equals("OPTIONS")) {
            return ResponseEntity.ok().header(HttpHeaders.ALLOW, "OPTIONS,POST").build();
        }
        if (!method.equals("POST")) {
            throw new Refusal(405, "PGRST101", "Cannot use the " + method + " method on RPC");
        }
        Profile.require(request.getHeader("Content-Profile"));
        QueryString query = QueryString.of(request.getQueryString());
        query.parameters().stream()
                .map(QueryString.Parameter::name)
                .filter(name -> !PARAMETERS.contains(name))
                .findFirst()
                .ifPresent(name -> {
                    throw Refusal.unsupported("filters, order and limit on the row of a function (" + name + ")");
                });
        List<Selected> selection = query.first("select").map(Selected::read).orElse(Selected.ALL);
        Preferences preferences = Preferences.read(request.getHeaders("Prefer"));
        Shape shape = Shape.of(request.getHeader(HttpHeaders.ACCEPT));
        byte[] body = request.getInputStream().readAllBytes();
        Payload arguments = body.length == 0
                ? Payload.NONE
                : Payload.read(body, request.getContentType()).first();
        return catalog.upToDate(() -> routines.call(
                routines.find(function, arguments.keys()), arguments, selection, preferences, shape, caller));
    }
}
