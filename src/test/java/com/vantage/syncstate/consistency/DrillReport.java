package com.vantage.syncstate.consistency;

import static java.util.stream.Collectors.counting;
import static java.util.stream.Collectors.groupingBy;

import com.vantage.syncstate.consistency.DrillReceiver.Deliveries;
import com.vantage.syncstate.consistency.History.Attempt;
import com.vantage.syncstate.consistency.History.Call;
import com.vantage.syncstate.consistency.History.RecordedRun;
import com.vantage.syncstate.consistency.HistoryChecker.Fault;
import com.vantage.syncstate.consistency.HistoryChecker.Violation;
import java.time.Duration;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * What came of a drill.
 *
 * @param asked how many kills there were to be
 */
record DrillReport(
        int asked,
        Map<Drill.Kill, Integer> kills,
        Duration took,
        History history,
        List<Violation> violations,
        Deliveries deliveries) {

    private static final Set<Fault> LOST = EnumSet.of(Fault.LOST, Fault.GAP);
    private static final Set<Fault> APPLIED_TWICE = EnumSet.of(Fault.APPLIED_TWICE);

    static DrillReport of(
            int asked, Map<Drill.Kill, Integer> kills, Duration took, History history, Deliveries deliveries) {
        return new DrillReport(asked, kills, took, history, HistoryChecker.check(history), deliveries);
    }

    boolean isClean() {
        return violations.isEmpty() && deliveries.wrong().isEmpty() && unresolved() == 0 && killed() == asked;
    }

    int killed() {
        return kills.values().stream().mapToInt(Integer::intValue).sum();
    }

    long acknowledged() {
        return calls(attempts -> attempts.stream().anyMatch(Attempt::isAcknowledged));
    }

    long refused() {
        return calls(attempts -> attempts.stream().anyMatch(attempt -> attempt.answer() != null)
                && attempts.stream().noneMatch(Attempt::isAcknowledged));
    }

    /** Calls of which an answer was lost, so that their effect was unknown, until a repetition was answered. */
    long resolved() {
        return calls(attempts -> attempts.stream().anyMatch(attempt -> attempt.answer() == null)
                && attempts.stream().anyMatch(attempt -> attempt.answer() != null));
    }

    long unresolved() {
        return calls(attempts -> attempts.stream().allMatch(attempt -> attempt.answer() == null));
    }

    private long calls(Predicate<List<Attempt>> which) {
        return byCall().values().stream().filter(which).count();
    }

    private Map<Call, List<Attempt>> byCall() {
        return history.attempts().stream().collect(groupingBy(Attempt::call));
    }

    private long found(Predicate<Fault> which) {
        return violations.stream().map(Violation::fault).filter(which).count();
    }

    private <T> String counted(List<T> all, Function<T, String> name) {
        return all.stream().collect(groupingBy(name, TreeMap::new, counting())).entrySet().stream()
                .map(entry -> entry.getKey() + " " + entry.getValue())
                .collect(Collectors.joining(", "));
    }

    @Override
    public String toString() {
        List<Attempt> refusals = history.attempts().stream()
                .filter(attempt -> attempt.answer() != null && !attempt.isAcknowledged())
                .toList();
        String report = """
                kills                    %d of %d in %d s: %s
                calls                    %d, sent %d times
                acknowledged             %d
                refused                  %d: %s
                unknown, then resolved   %d
                unknown to the end       %d
                runs                     %d: %s
                lost                     %d
                applied twice            %d
                other faults             %d
                notifications            %d, received %d times
                missing or wrong of them %d
                """.formatted(
                killed(),
                asked,
                took.toSeconds(),
                kills.entrySet().stream()
                        .map(entry -> entry.getKey().label() + " " + entry.getValue())
                        .collect(Collectors.joining(", ")),
                byCall().size(),
                history.attempts().size(),
                acknowledged(),
                refused(),
                counted(refusals, attempt -> String.valueOf(attempt.answer().problem())),
                resolved(),
                unresolved(),
                history.runs().size(),
                counted(history.runs(), RecordedRun::status),
                found(LOST::contains),
                found(APPLIED_TWICE::contains),
                found(fault -> !LOST.contains(fault) && !APPLIED_TWICE.contains(fault)),
                deliveries.events(),
                deliveries.received(),
                deliveries.wrong().size());
        return Stream.concat(violations.stream().map(Violation::toString), deliveries.wrong().stream())
                .limit(20)
                .collect(Collectors.joining("\n", report, ""));
    }
}
