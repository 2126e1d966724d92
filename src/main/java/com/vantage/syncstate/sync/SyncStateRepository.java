package com.vantage.syncstate.sync;

import com.vantage.syncstate.alert.AlertKind;
import com.vantage.syncstate.database.ReadBatcher;
import com.vantage.syncstate.error.ProblemType;
import com.vantage.syncstate.error.RequestRejected;
import java.sql.Types;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Repository;

/**
 * The sync states, read as {@code authenticated}; each call is one statement.
 *
 * <p>An unavailable database arrives as {@link org.springframework.dao.DataAccessResourceFailureException}.
 */
@Repository
public class SyncStateRepository {

    private final JdbcClient reader;
    private final ReadBatcher<String, String, Optional<SyncStateDetails>> batches = new ReadBatcher<>();

    SyncStateRepository(@Qualifier("reader") JdbcClient reader) {
        this.reader = reader;
    }

    /** What version of each state there is, in the order of a dashboard: little to read, however much the states hold. */
    public List<StateVersion> versions() {
        return reader.sql(SyncStateStatements.VERSIONS.formatted(DashboardOrder.SQL))
                .query((row, number) -> new StateVersion(
                        row.getString("resource"),
                        SyncStateRow.instantOf(row, "updated_at"),
                        row.getString("alerts"),
                        SyncStateRow.instant(row, "first_due"),
                        SyncStateRow.instant(row, "last_due")))
                .list();
    }

    /** Those of these that there are, in any order, with an excerpt of their errors. */
    public List<SyncState> find(Collection<String> resources) {
        return reader.sql(SyncStateStatements.FIND_ALL)
                .param("resources", resources.toArray(String[]::new))
                .query(SyncStateRow::listed)
                .list();
    }

    List<SyncState> list(ListQuery query) {
        String order = query.sort() == null ? DashboardOrder.SQL : query.sort().orderBy(query.descending());
        boolean isPage = query.limit() != null && query.alerts().isEmpty();
        return reader.sql((isPage ? SyncStateStatements.PAGE : SyncStateStatements.LIST).formatted(order))
                .param(
                        "statuses",
                        query.statuses().stream().map(SyncStatus::value).toArray(String[]::new))
                .param("alerts", query.alerts().stream().map(AlertKind::value).toArray(String[]::new))
                .param("limit", query.limit(), Types.INTEGER)
                .query(SyncStateRow::listed)
                .list();
    }

    /** @throws RequestRejected {@code sync-state-not-found} */
    SyncStateDetails get(String resource) {
        Optional<SyncStateDetails> found = batches.read("state", resource, this::details);
        if (found == null) {
            throw notFound(resource);
        }
        return found.or(() -> details(Set.of(resource)).getOrDefault(resource, Optional.empty()))
                .orElseThrow(() -> notFound(resource));
    }

    /** Those of these that there are; empty for one that is to be read alone. */
    private Map<String, Optional<SyncStateDetails>> details(Set<String> resources) {
        Map<String, Optional<SyncStateDetails>> found = new HashMap<>();
        reader.sql(SyncStateStatements.FIND_SOME)
                .param("resources", resources.toArray(String[]::new))
                .query(row -> {
                    found.put(
                            row.getString("resource"),
                            row.getString("errors") == null
                                    ? Optional.empty()
                                    : Optional.of(SyncStateRow.details(row, 0)));
                });
        return found;
    }

    /** What becomes of a call on a resource that is unknown. */
    public static RequestRejected notFound(String resource) {
        return new RequestRejected(
                ProblemType.SYNC_STATE_NOT_FOUND,
                "There is no resource " + resource + ". Start it first, which registers it, or check the name against"
                        + " GET /sync-states.",
                RequestRejected.Details.of(resource));
    }
}
