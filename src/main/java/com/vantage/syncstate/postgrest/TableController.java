package com.vantage.syncstate.postgrest;

import com.vantage.syncstate.http.ReadsOwnQuery;
import com.vantage.syncstate.postgrest.error.PostgrestError;
import com.vantage.syncstate.postgrest.plan.Catalog;
import com.vantage.syncstate.postgrest.plan.Relation;
import com.vantage.syncstate.postgrest.request.PreferHeader;
import com.vantage.syncstate.postgrest.request.ProfileHeader;
import com.vantage.syncstate.postgrest.request.QueryString;
import com.vantage.syncstate.postgrest.request.RequestPayload;
import com.vantage.syncstate.postgrest.request.ResponseShape;
import com.vantage.syncstate.postgrest.request.TableQuery;
import com.vantage.syncstate.postgrest.sql.TableReader;
import com.vantage.syncstate.postgrest.sql.TableWrite;
import com.vantage.syncstate.postgrest.sql.TableWriter;
import io.swagger.v3.oas.annotations.Hidden;
import jakarta.servlet.http.HttpServletRequest;
import java.io.IOException;
import org.springframework.http.HttpHeaders;
import org.springframework.http.ResponseEntity;
import org.springframework.security.core.Authentication;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RestController;

/** Serves the tables and views to the calls of supabase-js's {@code from(…)}. */
@Hidden
@ReadsOwnQuery
@RestController
class TableController {

    private final Catalog catalog;
    private final TableReader reader;
    private final TableWriter writer;

    TableController(Catalog catalog, TableReader reader, TableWriter writer) {
        this.catalog = catalog;
        this.reader = reader;
        this.writer = writer;
    }

    @RequestMapping("/rest/v1/{table}")
    ResponseEntity<byte[]> table(@PathVariable String table, HttpServletRequest request, Authentication caller)
            throws IOException {
        return switch (request.getMethod()) {
            case "GET", "HEAD" -> catalog.upToDate(() -> read(relation(table), request));
            case "POST", "PATCH" -> {
                byte[] body = request.getInputStream().readAllBytes();
                yield catalog.upToDate(() -> write(relation(table), request, body, caller));
            }
            case "DELETE" -> catalog.upToDate(() -> write(relation(table), request, new byte[0], caller));
            case "OPTIONS" ->
                ResponseEntity.ok()
                        .header(HttpHeaders.ALLOW, "OPTIONS,GET,HEAD,POST,PATCH,DELETE")
                        .build();
            default -> throw PostgrestError.method(request.getMethod());
        };
    }

    /** Whatever else lies below the path. */
    @RequestMapping({"/rest/v1", "/rest/v1/", "/rest/v1/**"})
    ResponseEntity<byte[]> other() {
        throw PostgrestError.path();
    }

    private Relation relation(String table) {
        return catalog.relation(table)
                .orElseThrow(() -> new PostgrestError(
                        404, "PGRST205", "Could not find the table 'public." + table + "' in the schema cache"));
    }

    private ResponseEntity<byte[]> read(Relation relation, HttpServletRequest request) {
        ProfileHeader.require(request.getHeader("Accept-Profile"));
        boolean ranged = request.getMethod().equals("GET");
        return reader.read(
                relation,
                TableQuery.read(
                        QueryString.of(request.getQueryString()), ranged ? request.getHeader(HttpHeaders.RANGE) : null),
                PreferHeader.read(request.getHeaders("Prefer")),
                ResponseShape.of(request.getHeader(HttpHeaders.ACCEPT)));
    }

    private ResponseEntity<byte[]> write(
            Relation relation, HttpServletRequest request, byte[] body, Authentication caller) {
        ProfileHeader.require(request.getHeader("Content-Profile"));
        TableQuery query = TableQuery.read(QueryString.of(request.getQueryString()), null);
        if (query.paged()) {
            throw PostgrestError.unsupported("order, limit and offset on a write");
        }
        var write = new TableWrite(
                relation,
                query,
                PreferHeader.read(request.getHeaders("Prefer")),
                ResponseShape.of(request.getHeader(HttpHeaders.ACCEPT)),
                caller);
        if (request.getMethod().equals("DELETE")) {
            return writer.delete(write);
        }
        RequestPayload payload = RequestPayload.read(body, request.getContentType(), query.columns());
        return request.getMethod().equals("POST") ? writer.insert(write, payload) : writer.update(write, payload);
    }
}
