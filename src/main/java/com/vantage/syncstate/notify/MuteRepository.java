package com.vantage.syncstate.notify;

import com.vantage.syncstate.alert.AlertKind;
import com.vantage.syncstate.error.RequestRejected;
import java.sql.Array;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Types;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.Arrays;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Repository;
import tools.jackson.databind.json.JsonMapper;

/** The mutes, read as {@code authenticated}; made and ended as {@code service_role}. */
@Repository
class MuteRepository {

    private static final String COLUMNS =
            "m.mute_id, m.resources, m.kinds, m.starts_at, m.ends_at, m.note, m.muted_by, m.created_at ";

    private static final String LIST = "select " + COLUMNS + """
            from public.vantage_mute m
            where m.ends_at > statement_timestamp()
            order by m.starts_at, m.mute_id
            """;

    private static final String MUTE = "select " + COLUMNS + """
            from public.mute_vantage_resources(
              (select array_agg(r) from jsonb_array_elements_text(nullif(cast(:resources as jsonb), 'null')) as r),
              cast(:until as timestamptz),
              case when cast(:kinds as jsonb) <> 'null'
                then array(select k from jsonb_array_elements_text(cast(:kinds as jsonb)) as k) end,
              cast(:from as timestamptz), :note, :by) as m
            """;

    private static final String END = "select cast(public.end_vantage_mute(:muteId) as text)";

    private final JdbcClient reader;
    private final JdbcClient service;
    private final JsonMapper json;

    MuteRepository(@Qualifier("reader") JdbcClient reader, @Qualifier("service") JdbcClient service, JsonMapper json) {
        this.reader = reader;
        this.service = service;
        this.json = json;
    }

    /** Those that go on or are to come, in the order of their beginning. */
    List<Mute> list() {
        return reader.sql(LIST).query(MuteRepository::mute).list();
    }

    /** @throws RequestRejected {@code invalid-request} */
    Mute mute(Mute.Request request) {
        return service.sql(MUTE)
                .param("resources", json.writeValueAsString(request.resources()))
                .param("kinds", json.writeValueAsString(request.kinds()))
                .param("from", text(request.from()), Types.VARCHAR)
                .param("until", text(request.until()), Types.VARCHAR)
                .param("note", request.note(), Types.VARCHAR)
                .param("by", request.by(), Types.VARCHAR)
                .query(MuteRepository::mute)
                .single();
    }

    /** @throws RequestRejected {@code mute-not-found} */
    void end(UUID muteId) {
        service.sql(END).param("muteId", muteId).query((row, number) -> "").list();
    }

    private static Mute mute(ResultSet row, int number) throws SQLException {
        return new Mute(
                row.getObject("mute_id", UUID.class),
                texts(row, "resources"),
                texts(row, "kinds").stream().map(AlertKind::of).toList(),
                row.getObject("starts_at", OffsetDateTime.class).toInstant(),
                row.getObject("ends_at", OffsetDateTime.class).toInstant(),
                row.getString("note"),
                row.getString("muted_by"),
                row.getObject("created_at", OffsetDateTime.class).toInstant());
    }

    private static List<String> texts(ResultSet row, String column) throws SQLException {
        Array array = row.getArray(column);
        return array == null ? List.of() : Arrays.asList((String[]) array.getArray());
    }

    private static @Nullable String text(@Nullable Instant time) {
        return time == null ? null : time.toString();
    }
}
