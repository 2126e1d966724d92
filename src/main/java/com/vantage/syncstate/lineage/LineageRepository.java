package com.vantage.syncstate.lineage;

import com.vantage.syncstate.sync.StorableJson;
import com.vantage.syncstate.sync.SyncStateChanged;
import java.time.Instant;
import java.util.UUID;
import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.context.ApplicationEventPublisher;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Repository;
import tools.jackson.databind.JsonNode;

/** Records events as {@code service_role}, one statement each. */
@Repository
class LineageRepository {

    private static final String RECORD = """
            select public.record_vantage_lineage(
              :resource, :runId, :type, cast(:time as timestamptz), :records, cast(:errors as jsonb), :register)
            """;

    private final JdbcClient service;
    private final ApplicationEventPublisher events;

    LineageRepository(@Qualifier("service") JdbcClient service, ApplicationEventPublisher events) {
        this.service = service;
        this.events = events;
    }

    /**
     * Records an event.
     *
     * @param register whether to register the resource where it is unknown
     * @return {@code applied}, {@code repeated}, {@code late}, {@code ignored} or {@code unregistered}
     * @throws com.vantage.syncstate.error.RequestRejected what the calls of the lifecycle are rejected with
     */
    String record(
            String resource, UUID runId, String type, Instant time, int records, JsonNode errors, boolean register) {
        String outcome = service.sql(RECORD)
                .param("resource", resource)
                .param("runId", runId)
                .param("type", type)
                .param("time", time.toString())
                .param("records", records)
                .param("errors", StorableJson.of(errors))
                .param("register", register)
                .query(String.class)
                .single();
        if (outcome.equals("applied")) {
            events.publishEvent(new SyncStateChanged(resource));
        }
        return outcome;
    }
}
