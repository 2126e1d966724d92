package com.vantage.syncstate.alert;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.OffsetDateTime;
import java.util.List;
import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Repository;

/** The alerts, read as {@code authenticated} from the views that compute them: of resources, and of channels. */
@Repository
class AlertRepository {

    private static final String WORST_FIRST = """
            select a.resource, a.kind, a.since, a.threshold, a.detail
            from (
              select resource, kind, since, threshold, detail, rank
              from public.vantage_sync_alert
              union all
              select resource, kind, since, threshold, detail, 0
              from public.vantage_channel_alert
            ) as a
            order by a.rank, a.since, a.resource
            """;

    private final JdbcClient reader;

    AlertRepository(@Qualifier("reader") JdbcClient reader) {
        this.reader = reader;
    }

    /** Of all resources, and before them of channels; of one kind, the one that has lasted longest comes first. */
    List<Alert> worstFirst() {
        return reader.sql(WORST_FIRST).query(AlertRepository::alert).list();
    }

    private static Alert alert(ResultSet row, int number) throws SQLException {
        return new Alert(
                row.getString("resource"),
                row.getString("kind"),
                row.getObject("since", OffsetDateTime.class).toInstant(),
                row.getString("threshold"),
                row.getString("detail"));
    }
}
