package com.vantage.syncstate.supabase;

import java.sql.SQLException;
import java.util.function.Function;
import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.dao.DataAccessResourceFailureException;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.security.core.Authentication;
import org.springframework.stereotype.Component;

/** The pool that a caller's statements run on: as {@code service_role} for a service, else as {@code authenticated}. */
@Component
class CallerRole {

    private static final String READ_ONLY = "25006";

    private final JdbcClient reader;
    private final JdbcClient service;

    CallerRole(@Qualifier("reader") JdbcClient reader, @Qualifier("service") JdbcClient service) {
        this.reader = reader;
        this.service = service;
    }

    /** For reads, whoever makes them. */
    JdbcClient reading() {
        return reader;
    }

    /**
     * Makes a change to a table. A reader's runs as {@code authenticated}, for the database to refuse it: its connections
     * are read-only, which PostgreSQL finds before it looks at the grants, so that is worded as the missing grant.
     */
    <T> T change(Authentication caller, Relation relation, Function<JdbcClient, T> change) {
        if (isService(caller)) {
            return change.apply(service);
        }
        try {
            return change.apply(reader);
        } catch (DataAccessResourceFailureException e) {
            if (e.getMostSpecificCause() instanceof SQLException cause && READ_ONLY.equals(cause.getSQLState())) {
                throw new Refusal(403, "42501", "permission denied for table " + relation.name());
            }
            throw e;
        }
    }

    /** For calls of functions: the grants tell who may. */
    JdbcClient calling(Authentication caller) {
        return isService(caller) ? service : reader;
    }

    private static boolean isService(Authentication caller) {
        return caller.getAuthorities().stream().anyMatch(authority -> "SERVICE".equals(authority.getAuthority()));
    }
}
