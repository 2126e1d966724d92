package com.vantage.syncstate.ping;

import com.vantage.syncstate.error.RequestRejected;
import com.vantage.syncstate.sync.StorableJson;
import com.vantage.syncstate.sync.SyncStateChanged;
import java.sql.Types;
import java.util.List;
import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.context.ApplicationEventPublisher;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Repository;

/** Reports pings as {@code service_role}, one statement each. */
@Repository
class PingRepository {

    private static final String PING = """
            select public.ping_vantage_sync(
              :resource, :signal, :runId, :create, cast(:errors as jsonb), :recordsSynced, :recordsCreated, :recordsUpdated,
              cast(:watermark as timestamptz), :records, :total)
            """;

    private static final String RESOURCES = """
            select resource
            from public.vantage_sync_state
            order by resource
            """;

    private static final String SECRET = """
            select secret
            from public.vantage_ping_secret
            """;

    private final JdbcClient reader;
    private final JdbcClient service;
    private final ApplicationEventPublisher events;

    PingRepository(
            @Qualifier("reader") JdbcClient reader,
            @Qualifier("service") JdbcClient service,
            ApplicationEventPublisher events) {
        this.reader = reader;
        this.service = service;
        this.events = events;
    }

    /**
     * Reports a ping.
     *
     * @return whether it registered the resource
     * @throws RequestRejected {@code sync-state-not-found}, and what the calls of the lifecycle are rejected with
     */
    boolean report(String resource, Signal signal, PingParameters parameters) {
        String outcome = service.sql(PING)
                .param("resource", resource)
                .param("signal", signal.name())
                .param("runId", parameters.runId(), Types.OTHER)
                .param("create", parameters.create())
                .param("errors", StorableJson.of(signal.errors()))
                .param("recordsSynced", parameters.recordsSynced(), Types.INTEGER)
                .param("recordsCreated", parameters.recordsCreated(), Types.INTEGER)
                .param("recordsUpdated", parameters.recordsUpdated(), Types.INTEGER)
                .param(
                        "watermark",
                        parameters.watermark() == null
                                ? null
                                : parameters.watermark().toString(),
                        Types.VARCHAR)
                .param("records", parameters.records(), Types.INTEGER)
                .param("total", parameters.total(), Types.INTEGER)
                .query(String.class)
                .single();
        events.publishEvent(new SyncStateChanged(resource));
        return outcome.equals("registered");
    }

    List<String> resources() {
        return reader.sql(RESOURCES).query(String.class).list();
    }

    String secret() {
        return service.sql(SECRET).query(String.class).single();
    }
}
