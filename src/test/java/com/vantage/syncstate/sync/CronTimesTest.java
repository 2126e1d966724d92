package com.vantage.syncstate.sync;

import static org.assertj.core.api.Assertions.assertThat;

import com.vantage.syncstate.support.Migrations;
import com.vantage.syncstate.support.TestDatabase.Address;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.TreeSet;
import java.util.stream.IntStream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.springframework.scheduling.support.CronExpression;

/**
 * The due times that the database computes are those of an independent reader of cron expressions, Spring's, and of the
 * JDK's time zones: for random expressions, over both days on which the clocks change.
 */
class CronTimesTest {

    private static final Address DATABASE = Migrations.all();

    @ParameterizedTest
    @CsvSource({
        "Europe/Paris, 2026-10-24", "Europe/Paris, 2027-03-27", "America/New_York, 2026-10-31",
        "America/New_York, 2027-03-13", "Africa/Cairo, 2026-04-23", "Africa/Cairo, 2026-10-29",
        "Australia/Lord_Howe, 2026-04-04", "Australia/Lord_Howe, 2026-10-03", "UTC, 2028-02-27"
    })
    void areThoseOfSpring(String zone, LocalDate from) {
        var random = new Random(from.toEpochDay());
        List<String> crons =
                IntStream.range(0, 25).mapToObj(i -> cron(random)).distinct().toList();

        for (String cron : crons) {
            String computed = DATABASE.query("""
                    select coalesce(string_agg(extract(epoch from t.at)::bigint::text, ' ' order by t.at), '')
                    from public.vantage_cron_times('%s', '%s', '%s', 4) as t (at)
                    """.formatted(cron, zone, from));

            assertThat(computed).as(cron).isEqualTo(expected(cron, ZoneId.of(zone), from));
        }
    }

    /** By the clock on the wall, then in the zone, each once. */
    private static String expected(String cron, ZoneId zone, LocalDate from) {
        var expression = CronExpression.parse("0 " + cron);
        LocalDateTime end = from.plusDays(4).atStartOfDay();
        var times = new TreeSet<Instant>();
        LocalDateTime time = expression.next(from.atStartOfDay().minusSeconds(1));
        while (time != null && time.isBefore(end)) {
            times.add(time.atZone(zone).toInstant());
            time = expression.next(time);
        }
        return String.join(
                " ",
                times.stream().map(at -> Long.toString(at.getEpochSecond())).toList());
    }

    private static String cron(Random random) {
        boolean byDay = random.nextInt(4) == 0;
        return String.join(
                " ",
                field(random, 0, 59),
                field(random, 0, 23),
                byDay ? field(random, 1, 31) : "*",
                random.nextInt(3) == 0 ? "MAR,APR,OCT-NOV,2" : "*",
                byDay
                        ? "*"
                        : random.nextBoolean()
                                ? "*"
                                : List.of("MON-FRI", "SAT,SUN", "0", "7", "1-5/2", "SUN-TUE")
                                        .get(random.nextInt(6)));
    }

    private static String field(Random random, int min, int max) {
        int first = min + random.nextInt(max - min + 1);
        int last = first + random.nextInt(max - first + 1);
        int step = 1 + random.nextInt(9);
        List<String> forms = new ArrayList<>(List.of(
                "*",
                "*/" + step,
                String.valueOf(first),
                first + "-" + last,
                first + "-" + last + "/" + step,
                first + "/" + step));
        forms.add(first + "," + last);
        return forms.get(random.nextInt(forms.size()));
    }
}
