package com.vantage.syncstate.postgrest.plan;

import com.vantage.syncstate.database.ReadCoalescer;
import com.vantage.syncstate.error.SqlStates;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.dao.DataAccessException;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Repository;

/**
 * What there is to call and to read: which names are served is listed here, what they consist of is read from the
 * database, so that a migration that adds a column or a parameter needs no change in this package.
 *
 * <p>Read when first asked, again after a minute, and at once for a name that is not known, at most once a second.
 */
@Repository
public class Catalog {

    private static final List<String> RELATIONS =
            List.of("vantage_sync_state", "vantage_sync_run", "vantage_sync_alert");

    private static final List<String> ROUTINES =
            List.of("start_vantage_sync", "complete_vantage_sync", "fail_vantage_sync", "progress_vantage_sync");

    private static final String COLUMNS_OF_RELATIONS = """
            select c.relname, a.attname, pg_catalog.format_type(
                case t.typtype when 'd' then t.typbasetype else a.atttypid end, a.atttypmod) as type,
              case when a.attgenerated = '' then pg_catalog.pg_get_expr(d.adbin, d.adrelid) end as default_expression,
              exists (select from pg_catalog.pg_index i
                where i.indrelid = c.oid and i.indisprimary and a.attnum = any (i.indkey)) as key
            from pg_catalog.pg_class c
            join pg_catalog.pg_attribute a on a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped
            join pg_catalog.pg_type t on t.oid = a.atttypid
            left join pg_catalog.pg_attrdef d on d.adrelid = c.oid and d.adnum = a.attnum
            where c.relnamespace = 'public'::regnamespace
              and c.relkind in ('r', 'p', 'v', 'm')
              and c.relname = any (:names)
            order by c.relname, a.attnum
            """;

    private static final String ROUTINES_BY_NAME = """
            select p.proname, p.proargnames as parameters,
              array(select pg_catalog.format_type(t.type, null)
                from unnest(p.proargtypes) with ordinality as t (type, position)
                order by t.position) as types,
              p.pronargs - p.pronargdefaults as required, r.relname as result
            from pg_catalog.pg_proc p
            join pg_catalog.pg_type t on t.oid = p.prorettype
            join pg_catalog.pg_class r on r.oid = t.typrelid
            where p.pronamespace = 'public'::regnamespace
              and p.prokind = 'f'
              and p.proname = any (:names)
            """;

    /** An undefined column, table or, which also is an undefined operator, function. */
    private static final Set<String> GONE =
            Set.of(SqlStates.UNDEFINED_COLUMN, SqlStates.UNDEFINED_TABLE, SqlStates.UNDEFINED_FUNCTION);

    private static final Duration AGE_WHEN_UNKNOWN = Duration.ofSeconds(1);

    private final JdbcClient jdbc;
    private final Duration age;
    private final ReadCoalescer<String, Snapshot> reads = new ReadCoalescer<>();
    private final AtomicBoolean refreshing = new AtomicBoolean();
    private volatile @Nullable Snapshot latest;

    @Autowired
    Catalog(@Qualifier("reader") JdbcClient jdbc) {
        this(jdbc, Duration.ofMinutes(1));
    }

    /** @param age after which it is read again */
    Catalog(JdbcClient jdbc, Duration age) {
        this.jdbc = jdbc;
        this.age = age;
    }

    public Optional<Relation> relation(String name) {
        return find(snapshot -> Optional.ofNullable(snapshot.relations.get(name)));
    }

    /** Of a table that is known, as it is now if it has been altered since it was read. */
    public Optional<Column> column(Relation relation, String name) {
        return relation.find(name)
                .or(() -> find(snapshot -> Optional.ofNullable(snapshot.relations.get(relation.name()))
                        .flatMap(now -> now.find(name))));
    }

    /** Those of a name, or none. */
    public List<Routine> routines(String name) {
        return find(snapshot -> Optional.ofNullable(snapshot.routines.get(name)))
                .orElse(List.of());
    }

    /** As {@link #routines}, but read again: what is known may not be what there is. */
    public List<Routine> routinesNow(String name) {
        return newer(AGE_WHEN_UNKNOWN).routines.getOrDefault(name, List.of());
    }

    /**
     * Answers a request, and tries once more where the database turns out to have lost what the catalog has: a column or a
     * function that a migration took away. What failed so has changed nothing.
     */
    public <T> T upToDate(Supplier<T> request) {
        try {
            return request.get();
        } catch (DataAccessException e) {
            if (e.getMostSpecificCause() instanceof SQLException cause
                    && GONE.contains(String.valueOf(cause.getSQLState()))) {
                newer(AGE_WHEN_UNKNOWN);
                return request.get();
            }
            throw e;
        }
    }

    private <T> Optional<T> find(Function<Snapshot, Optional<T>> wanted) {
        return wanted.apply(newer(age)).or(() -> wanted.apply(newer(AGE_WHEN_UNKNOWN)));
    }

    /**
     * One that is not older than this, or, while the database does not answer, the last one that was read: whoever needs
     * the database to answer finds out soon enough. Never more than two requests at a time wait for it to be read.
     */
    private Snapshot newer(Duration atMost) {
        Snapshot known = latest;
        if (known != null && System.nanoTime() - known.readAt < atMost.toNanos()) {
            return known;
        }
        if (known == null || !atMost.equals(age)) {
            return reads.read("catalog", this::read);
        }
        if (refreshing.compareAndSet(false, true)) {
            try {
                return read();
            } catch (DataAccessException e) {
                latest = known.readAgo(age.minus(AGE_WHEN_UNKNOWN));
            } finally {
                refreshing.set(false);
            }
        }
        return known;
    }

    private Snapshot read() {
        long now = System.nanoTime();
        Map<String, List<Column>> columns = new LinkedHashMap<>();
        jdbc.sql(COLUMNS_OF_RELATIONS)
                .param("names", RELATIONS.toArray(String[]::new))
                .query(row -> {
                    columns.computeIfAbsent(row.getString("relname"), name -> new ArrayList<>())
                            .add(column(row));
                });
        Map<String, Relation> relations = new LinkedHashMap<>();
        columns.forEach((name, of) -> relations.put(name, new Relation(name, of)));
        Map<String, List<Routine>> routines = new LinkedHashMap<>();
        jdbc.sql(ROUTINES_BY_NAME)
                .param("names", ROUTINES.toArray(String[]::new))
                .query(row -> {
                    Relation result = relations.get(row.getString("result"));
                    if (result != null) {
                        routines.computeIfAbsent(row.getString("proname"), name -> new ArrayList<>())
                                .add(new Routine(row.getString("proname"), parameters(row), result));
                    }
                });
        var read = new Snapshot(now, relations, routines);
        latest = read;
        return read;
    }

    private static Column column(ResultSet row) throws SQLException {
        return new Column(
                row.getString("attname"),
                row.getString("type"),
                row.getString("default_expression"),
                row.getBoolean("key"));
    }

    private static List<Routine.Argument> parameters(ResultSet row) throws SQLException {
        var names = (String[]) row.getArray("parameters").getArray();
        var types = (String[]) row.getArray("types").getArray();
        int required = row.getInt("required");
        List<Routine.Argument> parameters = new ArrayList<>();
        for (int at = 0; at < types.length; at++) {
            parameters.add(new Routine.Argument(names[at], types[at], at >= required));
        }
        return parameters;
    }

    /**
     * The catalog as it was at one time.
     *
     * @param readAt by {@link System#nanoTime}
     */
    private record Snapshot(long readAt, Map<String, Relation> relations, Map<String, List<Routine>> routines) {

        Snapshot readAgo(Duration age) {
            return new Snapshot(System.nanoTime() - age.toNanos(), relations, routines);
        }
    }
}
