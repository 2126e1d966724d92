package com.vantage.syncstate.alert;

import org.springframework.beans.factory.InitializingBean;
import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Repository;

/**
 * Writes the configured thresholds to the database at the start, so that {@code psql}, PostgREST and Grafana compute the
 * alerts that HTTP has; of instances that are configured differently the last one to start counts.
 */
@Repository
class ThresholdSettingWriter implements InitializingBean {

    private static final String WRITE = """
            update public.vantage_sync_setting d
            set stuck_after = n.stuck_after, stale_after = n.stale_after, slow_after = n.slow_after, fail_after = n.fail_after
            from (
              select
                cast(:stuckAfter as interval) as stuck_after,
                cast(:staleAfter as interval) as stale_after,
                cast(:slowAfter as interval) as slow_after,
                cast(:failAfter as integer) as fail_after
            ) as n
            where (d.stuck_after, d.stale_after, d.slow_after, d.fail_after)
              is distinct from (n.stuck_after, n.stale_after, n.slow_after, n.fail_after)
            """;

    private final JdbcClient service;
    private final AlertProperties properties;

    ThresholdSettingWriter(@Qualifier("service") JdbcClient service, AlertProperties properties) {
        this.service = service;
        this.properties = properties;
    }

    @Override
    public void afterPropertiesSet() {
        service.sql(WRITE)
                .param("stuckAfter", properties.stuckAfter().toString())
                .param("staleAfter", properties.staleAfter().toString())
                .param("slowAfter", properties.slowAfter().toString())
                .param("failAfter", properties.failAfter())
                .update();
    }
}
