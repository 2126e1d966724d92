package com.vantage.syncstate.consistency;

import com.vantage.syncstate.consistency.DrillProbe.Answer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What came of one part of a drill.
 *
 * @param refused requests that were answered with 503 and the right words
 * @param failed requests that were answered in any other way, or not, or said that the instance does not live
 * @param lost what was acknowledged and is not there, was done twice, or is otherwise wrong
 * @param recovery until the first success after the end of the fault; null where nothing was down
 * @param besides what else was seen
 * @param broken the limits that did not hold
 */
record DrillRow(
        String label,
        int requests,
        long refused,
        long failed,
        long lost,
        Duration slowest,
        @Nullable Duration recovery,
        String besides,
        List<String> broken) {

    static final String HEADER = """
            | fault | requests | 503 | failed | lost | slowest | first success | besides |
            | --- | --- | --- | --- | --- | --- | --- | --- |""";

    private static final Duration SLOWEST = Duration.ofSeconds(3);

    /** Of what a probe has seen. */
    static DrillRow of(String label, DrillProbe probe) {
        List<Answer> reads = probe.reads();
        List<Answer> lives = probe.lives();
        List<Answer> wrong = reads.stream().filter(read -> !read.isRight()).toList();
        long dead = lives.stream().filter(live -> live.status() != 200).count();
        Duration slowest = reads.stream().map(Answer::took).reduce(Duration.ZERO, DrillRow::longer);
        return new DrillRow(
                        label,
                        reads.size() + lives.size(),
                        reads.stream()
                                .filter(read -> read.isRight() && read.status() != 200)
                                .count(),
                        wrong.size() + dead,
                        0,
                        slowest,
                        null,
                        "",
                        List.of())
                .require(
                        wrong.isEmpty(),
                        wrong.size() + " answers were wrong, such as "
                                + wrong.stream().findFirst())
                .require(dead == 0, "the instance did not live " + dead + " times")
                .require(slowest.compareTo(SLOWEST) < 0, "an answer took more than 3 s");
    }

    /** One that is not run. */
    static DrillRow skipped(String label, String missing) {
        return new DrillRow(label, 0, 0, 0, 0, Duration.ZERO, null, "skipped: needs " + missing, List.of());
    }

    /** One that could not be run to its end. */
    static DrillRow failed(String label, Exception why) {
        return new DrillRow(label, 0, 0, 0, 0, Duration.ZERO, null, "", List.of(why.toString()));
    }

    DrillRow lost(long lost) {
        return new DrillRow(label, requests, refused, failed, lost, slowest, recovery, besides, broken)
                .require(lost == 0, "something was lost or done twice");
    }

    DrillRow recovered(@Nullable Duration after, Duration limit) {
        return new DrillRow(label, requests, refused, failed, lost, slowest, after, besides, broken)
                .require(
                        after != null && after.compareTo(limit) < 0,
                        "no success within " + limit.toMillis() + " ms of the end");
    }

    DrillRow besides(String seen) {
        return new DrillRow(label, requests, refused, failed, lost, slowest, recovery, seen, broken);
    }

    DrillRow require(boolean holds, String otherwise) {
        if (holds) {
            return this;
        }
        List<String> all = new ArrayList<>(broken);
        all.add(otherwise);
        return new DrillRow(label, requests, refused, failed, lost, slowest, recovery, besides, all);
    }

    /** Whether callers noticed no more than they may. */
    boolean holds() {
        return broken.isEmpty();
    }

    private static Duration longer(Duration one, Duration other) {
        return one.compareTo(other) > 0 ? one : other;
    }

    private static String seconds(@Nullable Duration time) {
        return time == null ? "" : "%.1f s".formatted(time.toMillis() / 1000.0);
    }

    @Override
    public String toString() {
        return "| %s | %d | %d | %d | %d | %s | %s | %s |%s"
                .formatted(
                        label,
                        requests,
                        refused,
                        failed,
                        lost,
                        seconds(slowest),
                        seconds(recovery),
                        besides,
                        holds() ? "" : " does not hold: " + String.join("; ", broken));
    }
}
