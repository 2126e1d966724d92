package com.vantage.syncstate.sync;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * The errors of an entry in a list: the first of them, as long as they fit, so that no list grows by what jobs report.
 *
 * @param json a JSON array, of which a long error has its code, message and timestamp alone, shortened
 * @param total how many errors there are; null where all of them are here and whole
 */
public record ErrorExcerpt(String json, @Nullable Integer total) {

    /** Bytes of the errors of one entry. */
    static final int MAX_BYTES = 16 * 1024;

    /** With the number of all errors for %s. */
    private static final String EXCERPT = """
            (
              select array[
                '[' || coalesce(string_agg(part.error, ',' order by part.position), '') || ']',
                case when count(*) < %1$s or bool_or(part.shortened)
                  then %1$s::text
                end]
              from (
                select
                  one.position,
                  one.shortened,
                  text.error,
                  2 + sum(octet_length(text.error) + 1) over (order by one.position) as bytes
                from (
                  select
                    position,
                    error,
                    pg_column_size(error) > allowed.bytes or octet_length(error::text) > allowed.bytes / 4 as shortened
                  from jsonb_array_elements(jsonb_path_query_array(s.errors, '$[0 to 19]'))
                    with ordinality as e (error, position)
                ) as one
                cross join lateral (
                  select case
                    when one.shortened then jsonb_strip_nulls(jsonb_build_object(
                      'code', left(one.error ->> 'code', allowed.bytes / 80),
                      'message', left(coalesce(one.error ->> 'message', one.error::text), allowed.bytes / 16),
                      'timestamp', left(one.error ->> 'timestamp', 40)))::text
                    else one.error::text
                  end as error
                ) as text
              ) as part
              where part.bytes <= allowed.bytes
            )
            """;

    /**
     * Columns of a row {@code s} beside a row {@code allowed} with the {@code bytes} of an entry: {@code errors} where they
     * fit, else {@code excerpt}. What is much larger than that is not made a text to be measured; how large it is shows only
     * once it is read, as it is stored compressed.
     */
    public static final String COLUMNS = """
            case when jsonb_array_length(s.errors) <= 20
                and (pg_column_size(s.errors) <= 100
                  or pg_column_size(jsonb_path_query_array(s.errors, '$[0 to 19]')) <= 2 * allowed.bytes)
                and octet_length(s.errors::text) <= allowed.bytes
              then s.errors::text
            end as errors,
            case
              when jsonb_array_length(s.errors) > 20
                or (pg_column_size(s.errors) > 100
                  and pg_column_size(jsonb_path_query_array(s.errors, '$[0 to 19]')) > 2 * allowed.bytes)
                or octet_length(s.errors::text) > allowed.bytes
              then
            """ + EXCERPT.formatted("jsonb_array_length(s.errors)") + "end as excerpt ";

    /** The same of a state, which knows number and size of its errors, where those above {@code largest} are not read. */
    static final String COLUMNS_OF_STATES = """
            case when s.error_count <= 20 and s.error_bytes <= allowed.bytes then s.errors::text end as errors,
            case
              when s.error_bytes > allowed.largest then array['[]', s.error_count::text]
              when s.error_count > 20 or s.error_bytes > allowed.bytes then
            """ + EXCERPT.formatted("s.error_count") + "end as excerpt ";

    /** What every entry may have. */
    public static final String ALLOWED = " cross join (select " + MAX_BYTES + " as bytes) as allowed ";

    /**
     * What every state may have, less where many have errors: together they have four megabytes. A report of megabytes
     * takes milliseconds to read: where more than fifty are that large, none of those is read, and where the others have
     * more than 64 megabytes together, the small ones alone.
     */
    static final String ALLOWED_TO_STATES = """
             cross join (
              select
                least(%d, 4194304 / greatest(1, count(*))::int) as bytes,
                case
                  when sum(error_bytes) filter (where error_bytes <= 131072) > 67108864 then 8192
                  when count(*) filter (where error_bytes > 131072) > 50 then 131072
                  else 2147483647
                end as largest
              from public.vantage_sync_state
              where error_count > 0
            ) as allowed
            """.formatted(MAX_BYTES);

    /** Reads {@link #COLUMNS}. */
    public static ErrorExcerpt of(ResultSet row) throws SQLException {
        String whole = row.getString("errors");
        if (whole != null) {
            return new ErrorExcerpt(whole, null);
        }
        var excerpt = (@Nullable String[]) row.getArray("excerpt").getArray();
        return new ErrorExcerpt(
                Objects.requireNonNull(excerpt[0]), excerpt[1] == null ? null : Integer.valueOf(excerpt[1]));
    }

    /** What an answer says of it: true, or nothing. */
    public @Nullable Boolean truncated() {
        return total == null ? null : Boolean.TRUE;
    }
}
