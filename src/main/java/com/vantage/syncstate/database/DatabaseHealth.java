package com.vantage.syncstate.database;

import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.boot.health.contributor.AbstractHealthIndicator;
import org.springframework.boot.health.contributor.Health;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;

/** Up when both pools answer, in the role that each is bound to. */
@Component("database")
class DatabaseHealth extends AbstractHealthIndicator {

    private final JdbcClient reader;
    private final JdbcClient service;

    DatabaseHealth(@Qualifier("reader") JdbcClient reader, @Qualifier("service") JdbcClient service) {
        super("The database does not answer");
        this.reader = reader;
        this.service = service;
    }

    @Override
    protected void doHealthCheck(Health.Builder builder) {
        builder.up().withDetail("reader", role(reader)).withDetail("service", role(service));
    }

    private static String role(JdbcClient jdbc) {
        return jdbc.sql("select current_role::text").query(String.class).single();
    }
}
