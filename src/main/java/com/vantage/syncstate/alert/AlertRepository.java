package com.vantage.syncstate.alert;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.OffsetDateTime;
import java.util.List;
import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Repository;

/** The alerts, read as {@code authenticated} from the view that computes them. */
@Repository
class AlertRepository {

    private static final String WORST_FIRST = """
            select resource, kind, since, threshold, detail
            from public.vantage_sync_alert
            order by rank, since, resource
            """;

    private final JdbcClient reader;

    AlertRepository(@Qualifier("reader") JdbcClient reader) {
        this.reader = reader;
    }

    /** Of all resources; of one kind, the one that has lasted longest comes first. */
    List<Alert> worstFirst() {
        return reader.sql(WORST_FIRST).query(AlertRepository::alert).list();
    }

    private static Alert alert(ResultSet row, int number) throws SQLException {
        return new Alert(
                row.getString("resource"),
                AlertKind.of(row.getString("kind")),
                row.getObject("since", OffsetDateTime.class).toInstant(),
                row.getString("threshold"),
                row.getString("detail"));
    }
}
