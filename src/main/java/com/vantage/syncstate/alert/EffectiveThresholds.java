package com.vantage.syncstate.alert;

import com.fasterxml.jackson.annotation.JsonValue;
import io.swagger.v3.oas.annotations.media.Schema;
import java.math.BigDecimal;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.Arrays;
import java.util.Locale;

/** The thresholds that a resource is measured by: its own, else the defaults. */
public record EffectiveThresholds(
        EffectiveThreshold stuckAfter,
        EffectiveThreshold staleAfter,
        EffectiveThreshold slowAfter,
        EffectiveRunCount failAfter) {

    /**
     * What {@link #of} reads: of a state that is called {@code s}, and of {@link #DEFAULTS} joined to it. The parts of
     * each come out alike whatever the intervalstyle of the session.
     */
    public static final String COLUMNS = """
            to_char(coalesce(s.stuck_after, d.stuck_after), 'YYYY MM DD HH24 MI SS US') as stuck_after,
            s.stuck_after is not null as has_stuck_after,
            to_char(coalesce(s.stale_after, d.stale_after), 'YYYY MM DD HH24 MI SS US') as stale_after,
            s.stale_after is not null as has_stale_after,
            to_char(coalesce(s.slow_after, d.slow_after), 'YYYY MM DD HH24 MI SS US') as slow_after,
            s.slow_after is not null as has_slow_after,
            coalesce(s.fail_after, d.fail_after) as fail_after,
            s.fail_after is not null as has_fail_after,
            """;

    /** An outer join: whatever becomes of the defaults, the function that a call selects from is called. */
    public static final String DEFAULTS = """

            left join public.vantage_sync_setting d on true
            """;

    public static EffectiveThresholds of(ResultSet row) throws SQLException {
        return new EffectiveThresholds(
                threshold(row, "stuck_after"),
                threshold(row, "stale_after"),
                threshold(row, "slow_after"),
                new EffectiveRunCount(row.getInt("fail_after"), source(row, "fail_after")));
    }

    private static EffectiveThreshold threshold(ResultSet row, String column) throws SQLException {
        return new EffectiveThreshold(iso8601(row.getString(column)), source(row, column));
    }

    private static Source source(ResultSet row, String column) throws SQLException {
        return row.getBoolean("has_" + column) ? Source.RESOURCE : Source.DEFAULT;
    }

    /** As the view {@code vantage_sync_alert} writes it. */
    private static String iso8601(String parts) {
        long[] numbers =
                Arrays.stream(parts.split(" ")).mapToLong(Long::parseLong).toArray();
        String date = part(numbers[0], "Y") + part(numbers[1], "M") + part(numbers[2], "D");
        BigDecimal seconds = BigDecimal.valueOf(numbers[5]).add(BigDecimal.valueOf(numbers[6], 6));
        String time = part(numbers[3], "H")
                + part(numbers[4], "M")
                + (seconds.signum() == 0 ? "" : seconds.stripTrailingZeros().toPlainString() + "S");
        return "P" + date + (time.isEmpty() ? "" : "T" + time);
    }

    private static String part(long number, String unit) {
        return number == 0 ? "" : number + unit;
    }

    /** One threshold, as an ISO 8601 duration, and whose it is. */
    public record EffectiveThreshold(
            @Schema(format = "duration", example = "PT1H") String value, Source source) {}

    /** How many runs in a row, and whose number it is. */
    public record EffectiveRunCount(@Schema(example = "1") int value, Source source) {}

    /** Where a threshold comes from. */
    public enum Source {
        RESOURCE,
        DEFAULT;

        /** As in JSON, {@code resource}. */
        @JsonValue
        public String value() {
            return name().toLowerCase(Locale.ROOT);
        }
    }
}
