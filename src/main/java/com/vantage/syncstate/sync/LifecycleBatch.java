package com.vantage.syncstate.sync;

import com.vantage.syncstate.alert.EffectiveThresholds;
import com.vantage.syncstate.database.ServerError;
import com.vantage.syncstate.database.WriteCoalescer.Outcome;
import com.vantage.syncstate.error.ProblemType;
import com.vantage.syncstate.error.RaisedError;
import com.vantage.syncstate.error.SqlStates;
import io.micrometer.core.instrument.DistributionSummary;
import io.micrometer.core.instrument.MeterRegistry;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Objects;
import java.util.stream.Collectors;
import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.dao.DataAccessException;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Repository;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;

/** Makes many lifecycle calls by one statement and one commit, each with an outcome of its own. */
@Repository
class LifecycleBatch {

    private static final String BATCH = """
            select b.call_number, b.error_code, b.error_message, b.error_detail, b.error_hint, %s b.error_constraint
            from public.batch_vantage_sync(cast(:calls as jsonb)) as b
            cross join lateral (select (b.state).*) as s
            """ + EffectiveThresholds.DEFAULTS;

    private static final JsonMapper JSON = new JsonMapper();

    private final JdbcClient service;
    private final DistributionSummary sizes;

    LifecycleBatch(@Qualifier("service") JdbcClient service, MeterRegistry meters) {
        this.service = service;
        sizes = DistributionSummary.builder("vantage.sync.batch.calls")
                .description("Lifecycle calls that went together in a transaction")
                .register(meters);
    }

    /**
     * Makes the calls, and returns as many outcomes in the same order.
     *
     * @throws org.springframework.dao.DataAccessResourceFailureException where it is unknown whether any was applied
     */
    List<Outcome<Object>> apply(List<LifecycleCall<?>> calls) {
        ArrayNode json = JSON.createArrayNode();
        calls.forEach(call -> json.add(call.json()));
        String columns = calls.stream()
                .map(call -> call.answer().columns())
                .distinct()
                .sorted()
                .collect(Collectors.joining());
        List<Outcome<Object>> outcomes = new ArrayList<>(Collections.nCopies(calls.size(), new Outcome.NotApplied<>()));
        try {
            service.sql(BATCH.formatted(columns))
                    .param("calls", JSON.writeValueAsString(json))
                    .query(row -> {
                        int place = row.getInt("call_number") - 1;
                        outcomes.set(place, outcome(calls.get(place), row));
                    });
            sizes.record(calls.size());
        } catch (DataAccessException e) {
            if (!SqlStates.isRolledBack(ServerError.stateOf(e))) {
                throw e;
            }
            Collections.fill(outcomes, new Outcome.NotApplied<>());
        }
        return outcomes;
    }

    private static Outcome<Object> outcome(LifecycleCall<?> call, ResultSet row) throws SQLException {
        String code = row.getString("error_code");
        if (code == null) {
            return new Outcome.Answer<>(
                    Objects.requireNonNull(call.answer().row().mapRow(row, row.getRow())));
        }
        String constraint = row.getString("error_constraint");
        // The others' locks, snapshot and plan are no concern of a call: alone it waits as long as any, planned anew.
        if ((SqlStates.isRolledBack(code) && SqlStates.isUnavailable(code))
                || code.equals(SqlStates.DATATYPE_MISMATCH)
                || (call.registersAlone()
                        && ProblemType.SYNC_STATE_NOT_FOUND.slug().equals(constraint))) {
            return new Outcome.NotApplied<>();
        }
        return new Outcome.Failure<>(ServerError.asFailure(new RaisedError(
                code,
                row.getString("error_message"),
                row.getString("error_detail"),
                row.getString("error_hint"),
                constraint)));
    }
}
