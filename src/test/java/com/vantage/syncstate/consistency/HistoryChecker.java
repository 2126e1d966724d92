package com.vantage.syncstate.consistency;

import com.vantage.syncstate.consistency.History.Attempt;
import com.vantage.syncstate.consistency.History.Call;
import com.vantage.syncstate.consistency.History.CallResult;
import com.vantage.syncstate.consistency.History.Counts;
import com.vantage.syncstate.consistency.History.Operation;
import com.vantage.syncstate.consistency.History.Protocol;
import com.vantage.syncstate.consistency.History.RecordedRun;
import com.vantage.syncstate.consistency.History.RecordedState;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import java.util.UUID;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Checks a history against a sequential model of a resource: runs that begin and end one after the other.
 *
 * <p>The rows in the end give the order of effects: start, end, start, end, …. A call can only have taken effect after it
 * was first sent, and before the first answer that shows it; an answer that shows a state was true at a moment between
 * its request and itself. The history is right when moments can be found for all effects that keep their order and these
 * bounds, and when every row and every answer holds just what the calls before it carried.
 */
public final class HistoryChecker {

    /** What can be wrong with a history. */
    public enum Fault {
        /** What was acknowledged is not there. */
        LOST,
        /** What was acknowledged was done again, later or otherwise. */
        APPLIED_TWICE,
        /** A call of a run changed something after that run had been taken over, or in another run. */
        ZOMBIE_ACCEPTED,
        /** A run was taken over without force although it had shown life. */
        TAKEN_OVER_ALIVE,
        /** Two runs of a resource ran at once. */
        OVERLAP,
        /** A run that there was is missing. */
        GAP,
        /** Something is there that no call requested. */
        INVENTED,
        /** The state is not what its runs make it. */
        DISAGREEMENT,
        /** An effect or an answer does not fit between what was before and what came after. */
        OUT_OF_ORDER,
        /** An answer that the contract does not allow. */
        WRONG_ANSWER
    }

    /** One thing that is wrong. */
    public record Violation(Fault fault, String resource, String detail) {}

    private static final long NEVER = Long.MAX_VALUE;
    private static final long ALWAYS = Long.MIN_VALUE;

    private final String resource;
    private final Duration stuckAfter;
    private final boolean clockJumps;
    private final List<Attempt> attempts;
    private final List<RecordedState> states;
    private final List<RecordedRun> runs;
    private final Map<UUID, Integer> places = new HashMap<>();
    private final Map<UUID, List<Attempt>> attemptsByRun;
    private final Map<Integer, Call> callsByMark;
    private final List<Violation> violations = new ArrayList<>();

    /** Of the effects, in their order (start of the first run, its end, start of the second …): not before, not after. */
    private final long[] from;

    private final long[] until;

    /** Of the effects: when the first call was sent that can have brought it about. */
    private final long[] asked;

    private HistoryChecker(String resource, History history, Map<Integer, Call> callsByMark, boolean clockJumps) {
        this.resource = resource;
        this.clockJumps = clockJumps;
        this.stuckAfter = history.stuckAfter();
        this.callsByMark = callsByMark;
        attempts = history.attempts().stream()
                .filter(attempt -> attempt.call().resource().equals(resource))
                .toList();
        attemptsByRun = attempts.stream()
                .collect(Collectors.groupingBy(attempt -> attempt.call().run()));
        states = history.states().stream()
                .filter(state -> state.resource().equals(resource))
                .toList();
        runs = history.runs().stream()
                .filter(run -> run.resource().equals(resource))
                .sorted(Comparator.comparing(RecordedRun::startedAt))
                .toList();
        for (int place = 0; place < runs.size(); place++) {
            places.put(runs.get(place).id(), place);
        }
        from = new long[2 * runs.size()];
        until = new long[2 * runs.size()];
        asked = new long[2 * runs.size()];
        Arrays.fill(from, ALWAYS);
        Arrays.fill(asked, ALWAYS);
        Arrays.fill(until, NEVER);
    }

    /** Everything that is wrong; empty where all is as it should be. */
    public static List<Violation> check(History history) {
        return check(history, false);
    }

    /**
     * As above.
     *
     * @param clockJumps whether the database's clock did: then a watermark that no call gave may be before the start of its
     *     run, which is held, and may be gone, which means a full sync, but is never after it
     */
    public static List<Violation> check(History history, boolean clockJumps) {
        Map<Integer, Call> callsByMark = history.attempts().stream()
                .map(Attempt::call)
                .collect(Collectors.toMap(Call::mark, call -> call, (one, same) -> one));
        Set<String> resources = new TreeSet<>();
        history.attempts().forEach(attempt -> resources.add(attempt.call().resource()));
        history.states().forEach(state -> resources.add(state.resource()));
        history.runs().forEach(run -> resources.add(run.resource()));
        return resources.stream()
                .flatMap(resource -> new HistoryChecker(resource, history, callsByMark, clockJumps).check().stream())
                .toList();
    }

    private List<Violation> check() {
        if (states.size() != 1) {
            report(Fault.DISAGREEMENT, "has " + states.size() + " states");
            return violations;
        }
        runs.forEach(this::checkSuccession);
        runs.forEach(this::checkOrigin);
        runs.forEach(this::checkProgress);
        checkState(states.get(0), runs.size() - 1, "The state");
        attempts.forEach(this::checkAnswer);
        checkThatRepetitionsChangeNothing();
        checkOrder();
        return violations;
    }

    /** A run ends before the next begins, and says so when the next took over. */
    private void checkSuccession(RecordedRun run) {
        RecordedRun next = next(run);
        if (next == null) {
            if (run.is("abandoned")) {
                report(Fault.GAP, run, "was taken over by a run that is not there");
            }
            return;
        }
        if (run.completedAt() == null
                || run.completedAt().isAfter(next.startedAt())
                || !run.startedAt().isBefore(next.startedAt())) {
            report(Fault.OVERLAP, run, "had not ended when run " + next.id() + " began");
        }
        if (!run.is("abandoned")) {
            return;
        }
        if (!next.id().equals(run.supersededBy()) || !next.startedAt().equals(run.completedAt())) {
            report(Fault.GAP, run, "was taken over by " + run.supersededBy() + " and not by the next, " + next.id());
        }
        boolean forced = calls(next.id(), Operation.START).anyMatch(Call::force);
        Instant life = run.progressAt() == null ? run.startedAt() : run.progressAt();
        if (!forced && Duration.between(life, next.startedAt()).compareTo(stuckAfter) <= 0) {
            report(Fault.TAKEN_OVER_ALIVE, run, "showed life at " + life + " and was taken over by " + next.id());
        }
    }

    /** A run was requested, and ended as its own calls requested, by what they carried. */
    private void checkOrigin(RecordedRun run) {
        if (calls(run.id(), Operation.START).findAny().isEmpty()) {
            report(Fault.INVENTED, run, "was started by nobody");
        }
        Stream<Call> endings = switch (run.status()) {
            case "success" ->
                calls(run.id(), Operation.COMPLETE)
                        .filter(call -> run.counts().equals(call.counts())
                                && run.errors().isEmpty()
                                && hasWatermark(run, call));
            case "failed" ->
                calls(run.id(), Operation.FAIL)
                        .filter(call -> run.counts().equals(call.counts())
                                && run.errors().equals(List.of(call.error()))
                                && run.watermark() == null);
            default -> Stream.empty();
        };
        List<Integer> marks = endings.map(Call::mark).toList();
        if (run.is("success") || run.is("failed")) {
            if (marks.isEmpty()) {
                reportForeignEnding(run);
            }
        } else if (!run.counts().equals(Counts.NONE) || !run.errors().isEmpty() || run.watermark() != null) {
            report(Fault.ZOMBIE_ACCEPTED, run, "did not end, and yet has results: " + run);
        }

        askedAt(start(run), firstSent(run, call -> call.operation() == Operation.START));
        if (!marks.isEmpty()) {
            askedAt(end(run), firstSent(run, call -> marks.contains(call.mark())));
        }
    }

    private boolean hasWatermark(RecordedRun run, Call call) {
        if (call.watermark() == null && clockJumps) {
            return run.watermark() == null || !run.watermark().isAfter(run.startedAt());
        }
        return Objects.equals(run.watermark(), call.watermark() == null ? run.startedAt() : call.watermark());
    }

    private void reportForeignEnding(RecordedRun run) {
        boolean wasAcknowledged =
                attempts(run.id(), Operation.COMPLETE, Operation.FAIL).anyMatch(Attempt::isAcknowledged);
        Call other = callsByMark.get(run.counts().synced());
        if (wasAcknowledged) {
            report(Fault.LOST, run, "is not what was acknowledged: " + run);
        }
        if (other != null && !other.run().equals(run.id())) {
            report(Fault.ZOMBIE_ACCEPTED, run, "was ended by " + other);
        } else if (!wasAcknowledged) {
            report(Fault.INVENTED, run, "is not what any call made it: " + run);
        }
    }

    /** Progress is the run's own, and the newest that was acknowledged was not undone by one before it. */
    private void checkProgress(RecordedRun run) {
        List<Attempt> reported = attempts(run.id(), Operation.PROGRESS).toList();
        if (run.progress() == null) {
            if (reported.stream().anyMatch(Attempt::isAcknowledged)) {
                report(Fault.LOST, run, "has no progress, though some was acknowledged");
            }
            return;
        }
        List<Attempt> last = reported.stream()
                .filter(attempt -> attempt.call().mark() == run.progress())
                .toList();
        if (last.isEmpty()) {
            Call other = callsByMark.get(run.progress());
            report(other == null ? Fault.INVENTED : Fault.ZOMBIE_ACCEPTED, run, "has the progress of " + other);
            return;
        }
        long over = last.stream().mapToLong(HistoryChecker::over).max().orElseThrow();
        reported.stream()
                .filter(attempt -> attempt.isAcknowledged() && attempt.sentAt() > over)
                .findFirst()
                .ifPresent(newer -> report(Fault.LOST, run, "has progress from before " + newer));
        askedAt(end(run), last.stream().mapToLong(Attempt::sentAt).min().orElseThrow());
    }

    /** A state is what the runs up to its latest make it. */
    private void checkState(RecordedState state, int latest, String who) {
        RecordedRun run = latest < 0 ? null : runs.get(latest);
        RecordedRun success = last(latest, state.status(), "success");
        RecordedRun ended = last(latest, state.status(), "success", "failed");
        boolean running = state.status().equals("running");
        boolean right = run == null
                ? state.status().equals("never_run") && state.run() == null
                : run.id().equals(state.run())
                        && run.startedAt().equals(state.startedAt())
                        && (running
                                ? state.completedAt() == null
                                : Objects.equals(run.completedAt(), state.completedAt()))
                        && (running || run.is(state.status()))
                        && (running || state.progress() == null)
                        && Objects.equals(success == null ? null : success.completedAt(), state.lastSyncTime())
                        && (Objects.equals(success == null ? null : success.watermark(), state.watermark())
                                || (clockJumps && state.watermark() == null))
                        && (success == null ? Counts.NONE : success.counts()).equals(state.counts())
                        && (ended == null ? List.of() : ended.errors()).equals(state.errors());
        boolean isFinal = states.contains(state);
        if (right && running && state.progress() != null) {
            Call reported = callsByMark.get(state.progress());
            right = reported != null && reported.run().equals(state.run());
        }
        if (right && isFinal && run != null) {
            right = run.is(state.status()) && (!running || Objects.equals(run.progress(), state.progress()));
        }
        if (!right) {
            boolean wasAcknowledged = !isFinal && !running;
            report(
                    wasAcknowledged ? Fault.APPLIED_TWICE : Fault.DISAGREEMENT,
                    who + " is not what its runs make it: " + state + ", " + run + ", last success " + success);
        }
    }

    private void checkAnswer(Attempt attempt) {
        CallResult answer = attempt.answer();
        if (answer == null) {
            return;
        }
        if (answer.status() == 200 && answer.state() != null) {
            checkAcknowledgement(attempt, answer.state());
        } else if (answer.status() == 200) {
            checkAcknowledgedPing(attempt);
        } else {
            checkRefusal(attempt, answer);
        }
    }

    private void checkAcknowledgement(Attempt attempt, RecordedState state) {
        Call call = attempt.call();
        Integer place = places.get(call.run());
        Integer latest = places.get(state.run());
        if (place == null || latest == null) {
            report(Fault.GAP, "Run " + (place == null ? call.run() : state.run()) + " is not there: " + attempt);
            return;
        }
        RecordedRun run = runs.get(place);
        boolean own = call.run().equals(state.run());
        boolean expected = switch (call.operation()) {
            case START -> own && state.status().equals("running");
            case PROGRESS -> own && state.status().equals("running") && Objects.equals(state.progress(), call.mark());
            case COMPLETE -> !own || state.status().equals("success");
            case FAIL -> !own || state.status().equals("failed");
        };
        if (!own && call.operation() == Operation.PROGRESS) {
            report(Fault.ZOMBIE_ACCEPTED, run, "made progress in another: " + attempt);
        } else if (!expected) {
            report(Fault.WRONG_ANSWER, "The answer does not fit the call: " + attempt);
        }
        checkEnding(attempt, run);
        checkState(state, latest, "An answer");
        sawLatest(attempt, runs.get(latest), state.status().equals("running"));
    }

    /** Its answer shows no state. */
    private void checkAcknowledgedPing(Attempt attempt) {
        Integer place = places.get(attempt.call().run());
        if (place == null) {
            report(Fault.GAP, "Run " + attempt.call().run() + " is not there: " + attempt);
        } else if (attempt.call().operation() == Operation.START
                || attempt.call().operation() == Operation.PROGRESS) {
            sawLatest(attempt, runs.get(place), true);
        } else {
            checkEnding(attempt, runs.get(place));
        }
    }

    private void checkEnding(Attempt attempt, RecordedRun run) {
        Operation operation = attempt.call().operation();
        if (operation == Operation.COMPLETE || operation == Operation.FAIL) {
            if (!run.is(operation == Operation.COMPLETE ? "success" : "failed")) {
                RecordedRun next = next(run);
                boolean late = next != null && attempt.sentAt() > Math.min(until[end(run)], until[start(next)]);
                report(late ? Fault.ZOMBIE_ACCEPTED : Fault.LOST, run, "is " + run.status() + " after " + attempt);
            }
            notAfter(end(run), attempt.answeredAt());
        }
    }

    private void checkRefusal(Attempt attempt, CallResult answer) {
        Call call = attempt.call();
        Integer place = places.get(call.run());
        RecordedRun run = place == null ? null : runs.get(place);
        switch (answer.problem() == null ? "" : answer.problem()) {
            case "sync-already-running" -> {
                Integer other = places.get(answer.named());
                if (call.operation() != Operation.START || call.run().equals(answer.named())) {
                    report(Fault.WRONG_ANSWER, "Stands in its own way: " + attempt);
                } else if (call.protocol() == Protocol.EVENT) {
                    // Its answer does not name the other.
                    return;
                } else if (other == null) {
                    report(Fault.GAP, "Run " + answer.named() + " is not there: " + attempt);
                } else {
                    sawLatest(attempt, runs.get(other), true);
                }
            }
            case "run-already-finished" -> {
                if (run == null) {
                    report(Fault.GAP, "Run " + call.run() + " is not there: " + attempt);
                } else if (run.is("running")
                        || (run.is("abandoned") && call.operation() != Operation.START)
                        || (run.is("success") && call.operation() == Operation.COMPLETE)
                        || (run.is("failed") && call.operation() == Operation.FAIL)) {
                    report(Fault.WRONG_ANSWER, run, "is " + run.status() + ": " + attempt);
                } else {
                    notAfter(end(run), attempt.answeredAt());
                }
            }
            case "run-superseded" -> {
                if (run == null) {
                    report(Fault.GAP, "Run " + call.run() + " is not there: " + attempt);
                } else if (!run.is("abandoned")
                        || (call.protocol() != Protocol.EVENT && !Objects.equals(run.supersededBy(), answer.named()))) {
                    report(Fault.WRONG_ANSWER, run, "was not taken over by that: " + attempt);
                } else {
                    notAfter(end(run), attempt.answeredAt());
                }
            }
            case "run-not-found" -> {
                if (call.operation() == Operation.START) {
                    report(Fault.WRONG_ANSWER, "A start needs no run: " + attempt);
                } else if (run != null) {
                    notBefore(start(run), attempt.sentAt());
                }
            }
            default -> report(Fault.WRONG_ANSWER, "Nothing allows this answer: " + attempt);
        }
    }

    /** The state showed this run, running or ended, at a moment between the request and the answer. */
    private void sawLatest(Attempt attempt, RecordedRun run, boolean running) {
        notAfter(start(run), attempt.answeredAt());
        if (running) {
            notBefore(end(run), attempt.sentAt());
        } else {
            notAfter(end(run), attempt.answeredAt());
            if (next(run) != null) {
                notBefore(start(next(run)), attempt.sentAt());
            }
        }
    }

    /** Between the start of a run and its first progress, and between its end and the next start, no row is rewritten. */
    private void checkThatRepetitionsChangeNothing() {
        Map<String, Instant> versions = new HashMap<>();
        Stream.concat(
                        attempts.stream()
                                .map(Attempt::answer)
                                .filter(Objects::nonNull)
                                .map(CallResult::state)
                                .filter(Objects::nonNull),
                        states.stream().filter(state -> state.run() != null))
                .filter(state -> state.progress() == null)
                .forEach(state -> {
                    String version = state.status() + " " + state.run();
                    Instant before = versions.putIfAbsent(version, state.updatedAt());
                    if (before != null && !before.equals(state.updatedAt())) {
                        report(
                                Fault.APPLIED_TWICE,
                                version + " was written at " + before + " and " + state.updatedAt());
                    }
                });
    }

    /** Each effect as early as those before it allow, and yet not after it was known. */
    private void checkOrder() {
        for (RecordedRun run : runs) {
            RecordedRun next = next(run);
            if (run.is("abandoned") && next != null) {
                notBefore(start(next), from[end(run)]);
                notBefore(end(run), from[start(next)]);
                notAfter(start(next), until[end(run)]);
                notAfter(end(run), until[start(next)]);
            }
        }
        Set<Integer> reported = new HashSet<>();
        int binding = 0;
        for (int effect = 0; effect < from.length; effect++) {
            if (from[effect] > from[binding]) {
                binding = effect;
            }
            if (from[binding] > until[effect] && reported.add(binding)) {
                RecordedRun late = runs.get(binding / 2);
                RecordedRun known = runs.get(effect / 2);
                boolean ending = binding % 2 == 1 && from[binding] == asked[binding];
                Fault fault = !ending
                        ? Fault.OUT_OF_ORDER
                        : binding == effect && !late.is("abandoned") ? Fault.APPLIED_TWICE : Fault.ZOMBIE_ACCEPTED;
                report(
                        fault,
                        late,
                        (binding % 2 == 1 ? "ended" : "began") + " after it was known that run " + known.id()
                                + (effect % 2 == 1 ? " had ended" : " had begun"));
            }
        }
    }

    /** The newest ended run up to the latest, which counts itself unless its state shows it running. */
    private @Nullable RecordedRun last(int latest, String status, String... endings) {
        for (int place = status.equals("running") ? latest - 1 : latest; place >= 0; place--) {
            if (Arrays.asList(endings).contains(runs.get(place).status())) {
                return runs.get(place);
            }
        }
        return null;
    }

    private @Nullable RecordedRun next(RecordedRun run) {
        int place = places.get(run.id()) + 1;
        return place < runs.size() ? runs.get(place) : null;
    }

    private Stream<Call> calls(UUID run, Operation... operations) {
        return attempts(run, operations).map(Attempt::call);
    }

    private Stream<Attempt> attempts(UUID run, Operation... operations) {
        return attemptsByRun.getOrDefault(run, List.of()).stream()
                .filter(attempt ->
                        Arrays.asList(operations).contains(attempt.call().operation()));
    }

    private long firstSent(RecordedRun run, Predicate<Call> which) {
        return attemptsByRun.getOrDefault(run.id(), List.of()).stream()
                .filter(attempt -> which.test(attempt.call()))
                .mapToLong(Attempt::sentAt)
                .min()
                .orElse(ALWAYS);
    }

    /** From when on an attempt can have no effect any more. */
    private static long over(Attempt attempt) {
        return attempt.answer() == null ? NEVER : attempt.answeredAt();
    }

    private int start(RecordedRun run) {
        return 2 * places.get(run.id());
    }

    private int end(RecordedRun run) {
        return start(run) + 1;
    }

    private void askedAt(int effect, long moment) {
        asked[effect] = Math.max(asked[effect], moment);
        notBefore(effect, moment);
    }

    private void notBefore(int effect, long moment) {
        from[effect] = Math.max(from[effect], moment);
    }

    private void notAfter(int effect, long moment) {
        until[effect] = Math.min(until[effect], moment);
    }

    private void report(Fault fault, RecordedRun run, String detail) {
        report(fault, "Run " + run.id() + " " + detail);
    }

    private void report(Fault fault, String detail) {
        violations.add(new Violation(fault, resource, detail));
    }
}
