package com.vantage.syncstate.ping;

import com.vantage.syncstate.error.RequestRejected;
import com.vantage.syncstate.sync.LifecycleCall;
import com.vantage.syncstate.sync.LifecycleCalls;
import com.vantage.syncstate.sync.StorableJson;
import com.vantage.syncstate.sync.SyncStateChanged;
import java.sql.Types;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.context.ApplicationEventPublisher;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Repository;

/** Reports pings as {@code service_role}. */
@Repository
class PingRepository {

    private static final String PING = """
            select public.ping_vantage_sync(
              :resource, :signal, :runId, :create, cast(:errors as jsonb), :recordsSynced, :recordsCreated, :recordsUpdated,
              cast(:watermark as timestamptz), :records, :total)
            """;

    /** In a batch, where none registers. */
    private static final LifecycleCall.Answer<Boolean> NOT_REGISTERED =
            new LifecycleCall.Answer<>(Boolean.class, "", (row, number) -> false);

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
    private final LifecycleCalls calls;
    private final ApplicationEventPublisher events;

    PingRepository(
            @Qualifier("reader") JdbcClient reader,
            @Qualifier("service") JdbcClient service,
            LifecycleCalls calls,
            ApplicationEventPublisher events) {
        this.reader = reader;
        this.service = service;
        this.calls = calls;
        this.events = events;
    }

    /**
     * Reports a ping.
     *
     * @return whether it registered the resource
     * @throws RequestRejected {@code sync-state-not-found}, and what the calls of the lifecycle are rejected with
     */
    boolean report(String resource, Signal signal, PingParameters parameters) {
        LifecycleCall<Boolean> call = new LifecycleCall<>("ping", resource, NOT_REGISTERED)
                .with("signal", signal.name())
                .with("run_id", parameters.runId())
                .withJson("errors", StorableJson.of(signal.errors()))
                .with("records_synced", parameters.recordsSynced())
                .with("records_created", parameters.recordsCreated())
                .with("records_updated", parameters.recordsUpdated())
                .with("watermark", watermark(parameters))
                .with("records", parameters.records())
                .with("total", parameters.total())
                .registeringAlone(parameters.create());
        boolean registered = calls.make(call, () -> reportAlone(resource, signal, parameters));
        events.publishEvent(new SyncStateChanged(resource));
        return registered;
    }

    private boolean reportAlone(String resource, Signal signal, PingParameters parameters) {
        return service.sql(PING)
                .param("resource", resource)
                .param("signal", signal.name())
                .param("runId", parameters.runId(), Types.OTHER)
                .param("create", parameters.create())
                .param("errors", StorableJson.of(signal.errors()))
                .param("recordsSynced", parameters.recordsSynced(), Types.INTEGER)
                .param("recordsCreated", parameters.recordsCreated(), Types.INTEGER)
                .param("recordsUpdated", parameters.recordsUpdated(), Types.INTEGER)
                .param("watermark", watermark(parameters), Types.VARCHAR)
                .param("records", parameters.records(), Types.INTEGER)
                .param("total", parameters.total(), Types.INTEGER)
                .query(String.class)
                .single()
                .equals("registered");
    }

    private static @Nullable String watermark(PingParameters parameters) {
        return parameters.watermark() == null ? null : parameters.watermark().toString();
    }

    List<String> resources() {
        return reader.sql(RESOURCES).query(String.class).list();
    }

    String secret() {
        return service.sql(SECRET).query(String.class).single();
    }
}
