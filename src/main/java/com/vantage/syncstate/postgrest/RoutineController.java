package com.vantage.syncstate.postgrest;

import com.vantage.syncstate.http.ReadsOwnQuery;
import com.vantage.syncstate.postgrest.error.PostgrestError;
import com.vantage.syncstate.postgrest.plan.Catalog;
import com.vantage.syncstate.postgrest.request.PreferHeader;
import com.vantage.syncstate.postgrest.request.ProfileHeader;
import com.vantage.syncstate.postgrest.request.QueryString;
import com.vantage.syncstate.postgrest.request.RequestPayload;
import com.vantage.syncstate.postgrest.request.ResponseShape;
import com.vantage.syncstate.postgrest.request.SelectItem;
import com.vantage.syncstate.postgrest.sql.RoutineCaller;
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
@ReadsOwnQuery
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
            throw new PostgrestError(405, "PGRST101", "Cannot use the " + method + " method on RPC");
        }
        ProfileHeader.require(request.getHeader("Content-Profile"));
        QueryString query = QueryString.of(request.getQueryString());
        query.parameters().stream()
                .map(QueryString.Parameter::name)
                .filter(name -> !PARAMETERS.contains(name))
                .findFirst()
                .ifPresent(name -> {
                    throw PostgrestError.unsupported(
                            "filters, order and limit on the row of a function (" + name + ")");
                });
        List<SelectItem> selection = query.first("select").map(SelectItem::read).orElse(SelectItem.ALL);
        PreferHeader preferences = PreferHeader.read(request.getHeaders("Prefer"));
        ResponseShape shape = ResponseShape.of(request.getHeader(HttpHeaders.ACCEPT));
        byte[] body = request.getInputStream().readAllBytes();
        RequestPayload arguments = body.length == 0
                ? RequestPayload.NONE
                : RequestPayload.read(body, request.getContentType(), null).first();
        return catalog.upToDate(() -> routines.call(
                routines.find(function, arguments.keys()), arguments, selection, preferences, shape, caller));
    }
}
