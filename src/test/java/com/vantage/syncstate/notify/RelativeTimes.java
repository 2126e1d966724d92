package com.vantage.syncstate.notify;

import java.time.Instant;
import java.time.LocalTime;
import java.time.ZoneId;
import java.time.temporal.ChronoUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Function;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;

/** Texts with times in them that are the same whenever a test runs: each time is so many minutes before it, in UTC. */
record RelativeTimes(Instant now) {

    /** Of the schedules of the test. Whatever the season, half an hour away from every session's zone. */
    private static final ZoneId LOCAL = ZoneId.of("Asia/Kolkata");

    /** Within the time that the test takes, all is at once. */
    private static final long STEP = 5;

    private static final Pattern ID = Pattern.compile("[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}");
    private static final Pattern AGE = Pattern.compile("\\([^()]* ago\\)");
    private static final Pattern ISO = Pattern.compile("\\d{4}-\\d\\d-\\d\\dT\\d\\d:\\d\\d:\\d\\d(\\.\\d+)?Z");
    private static final Pattern LOCAL_TIME =
            Pattern.compile("(\\d{4}-\\d\\d-\\d\\d) (\\d\\d:\\d\\d) UTC \\((\\d\\d:\\d\\d) local\\)");

    /** A text is cut at its length, wherever in a time that is. */
    private static final Pattern CUT = Pattern.compile("\\d{4}-\\d\\d-[-\\d :T]*…");

    /** A step of a timeline that has no day is on that of the step before. */
    private static final Pattern TIME =
            Pattern.compile("(\\d{4}-\\d\\d-\\d\\d) (\\d\\d:\\d\\d(?::\\d\\d)?)|\\b(\\d\\d:\\d\\d:\\d\\d)\\b");

    static RelativeTimes since(Instant now) {
        return new RelativeTimes(now);
    }

    String in(String text) {
        String result = AGE.matcher(ID.matcher(text).replaceAll("ID")).replaceAll("(… ago)");
        result = CUT.matcher(result).replaceAll("T…");
        result = replace(ISO, result, match -> relative(Instant.parse(match.group())));
        result = replace(LOCAL_TIME, result, this::withLocalTime);
        var day = new AtomicReference<String>();
        return replace(TIME, result, match -> {
            if (match.group(1) != null) {
                day.set(match.group(1));
            }
            return relative(at(day.get(), match.group(1) == null ? match.group(3) : match.group(2)));
        });
    }

    private String withLocalTime(MatchResult match) {
        Instant time = at(match.group(1), match.group(2));
        boolean same = time.atZone(LOCAL).toLocalTime().equals(LocalTime.parse(match.group(3)));
        return relative(time) + " UTC (" + (same ? "the same" : "not " + match.group(3)) + " local)";
    }

    private static Instant at(String day, String time) {
        return Instant.parse(day + "T" + (time.length() == 5 ? time + ":00" : time) + "Z");
    }

    private String relative(Instant time) {
        return "T%+d".formatted(STEP * Math.floorDiv(now.until(time, ChronoUnit.SECONDS), 60 * STEP));
    }

    private static String replace(Pattern pattern, String text, Function<MatchResult, String> replacement) {
        return pattern.matcher(text).replaceAll(match -> replacement.apply(match));
    }
}
