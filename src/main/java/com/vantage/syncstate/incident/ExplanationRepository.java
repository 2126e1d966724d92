package com.vantage.syncstate.incident;

import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Repository;
import tools.jackson.databind.json.JsonMapper;

/** The explanations, as {@code authenticated} has them from the function that makes them. */
@Repository
class ExplanationRepository {

    private static final String EXPLAIN = "select public.explain_vantage_sync(:resource)";

    private final JdbcClient reader;
    private final JsonMapper json;

    ExplanationRepository(@Qualifier("reader") JdbcClient reader, JsonMapper json) {
        this.reader = reader;
        this.json = json;
    }

    /** @throws com.vantage.syncstate.error.RequestRejected {@code sync-state-not-found} */
    Explanation explain(String resource) {
        return json.readValue(
                reader.sql(EXPLAIN)
                        .param("resource", resource)
                        .query(String.class)
                        .single(),
                Explanation.class);
    }
}
