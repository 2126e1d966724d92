package com.vantage.syncstate.ping;

import com.vantage.syncstate.error.RequestRejected;
import com.vantage.syncstate.sync.LifecycleCall;
import com.vantage.syncstate.sync.LifecycleCalls;
import com.vantage.syncstate.sync.StorableJson;
import com.vantage.syncstate.sync.SyncStateChanged;
import java.util.List;
import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.context.ApplicationEventPublisher;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Repository;

/** Reports pings as {@code service_role}. */
@Repository
class PingRepository {

    private static final String PING = """
            select public.ping_vantage_sync(
              :resource, :signal, :run_id, :create, cast(:errors as jsonb), :records_synced, :records_created, :records_updated,
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
                .with(
                        "watermark",
                        parameters.watermark() == null
                                ? null
                                : parameters.watermark().toString())
                .with("records", parameters.records())
                .with("total", parameters.total())
                .registeringAlone(parameters.create());
        boolean registered = calls.make(call, () -> reportAlone(call, parameters.create()));
        events.publishEvent(new SyncStateChanged(resource));
        return registered;
    }

    private boolean reportAlone(LifecycleCall<Boolean> call, boolean create) {
        return call.bindTo(service.sql(PING))
                .param("create", create)
                .query(String.class)
                .single()
                .equals("registered");
    }

    List<String> resources() {
        return reader.sql(RESOURCES).query(String.class).list();
    }

    String secret() {
        return service.sql(SECRET).query(String.class).single();
    }
}
