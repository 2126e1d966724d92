package com.vantage.syncstate.fresh;

import com.vantage.syncstate.error.ResourceFreshness;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Repository;
import tools.jackson.databind.json.JsonMapper;

/** How fresh resources are, read as {@code authenticated}: any number of queries in one statement. */
@Repository
class FreshnessRepository {

    private static final String EVALUATE = """
            select
              q.number,
              f.resource,
              to_char(f.as_of at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"') as as_of,
              cast(extract(epoch from f.age) as bigint) as age_seconds,
              f.fresh,
              f.reason
            from json_to_recordset(cast(:queries as json))
              as q (number integer, resources text[], max_age interval, since timestamptz, idle boolean)
            cross join lateral public.require_fresh_vantage_sync(
              q.resources, q.max_age, q.since, q.idle, p_report_only => true)
              with ordinality as f (resource, as_of, age, fresh, reason, position)
            order by q.number, f.position
            """;

    private final JdbcClient reader;
    private final JsonMapper json;

    FreshnessRepository(@Qualifier("reader") JdbcClient reader, JsonMapper json) {
        this.reader = reader;
        this.json = json;
    }

    Verdict evaluate(FreshnessQuery query) {
        return Objects.requireNonNull(evaluate(List.of(query)).get(query));
    }

    /** The verdict on each query, in one statement for all of them. */
    Map<FreshnessQuery, Verdict> evaluate(Collection<FreshnessQuery> queries) {
        List<FreshnessQuery> distinct = queries.stream().distinct().toList();
        List<Map<String, @Nullable Object>> parameters = new ArrayList<>();
        Map<FreshnessQuery, Verdict> verdicts = new HashMap<>();
        for (FreshnessQuery query : distinct) {
            Map<String, @Nullable Object> parameter = new HashMap<>();
            parameter.put("number", parameters.size());
            parameter.put("resources", query.resources());
            parameter.put(
                    "max_age", query.maxAge() == null ? null : query.maxAge().toString());
            parameter.put("since", query.since() == null ? null : query.since().toString());
            parameter.put("idle", query.idle());
            parameters.add(parameter);
            verdicts.put(query, new Verdict(new ArrayList<>(), new ArrayList<>()));
        }
        reader.sql(EVALUATE)
                .param("queries", json.writeValueAsString(parameters))
                .query(row -> {
                    Objects.requireNonNull(verdicts.get(distinct.get(row.getInt("number"))))
                            .add(row);
                });
        return verdicts;
    }

    /**
     * What became of a query.
     *
     * @param resources those that there are
     * @param unknown names of no resource
     */
    record Verdict(List<ResourceFreshness> resources, List<String> unknown) {

        boolean isFresh() {
            return unknown.isEmpty() && resources.stream().allMatch(ResourceFreshness::fresh);
        }

        /** Whether waiting could make it fresh. */
        boolean canBecomeFresh() {
            return unknown.isEmpty();
        }

        private void add(ResultSet row) throws SQLException {
            Boolean fresh = row.getObject("fresh", Boolean.class);
            if (fresh == null) {
                unknown.add(row.getString("resource"));
                return;
            }
            Long age = row.getObject("age_seconds", Long.class);
            resources.add(new ResourceFreshness(
                    row.getString("resource"),
                    fresh,
                    row.getString("as_of"),
                    age == null ? null : Duration.ofSeconds(age).toString(),
                    row.getString("reason")));
        }
    }
}
