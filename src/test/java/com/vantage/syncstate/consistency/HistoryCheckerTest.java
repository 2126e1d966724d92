package com.vantage.syncstate.consistency;

import static org.assertj.core.api.Assertions.assertThat;

import com.vantage.syncstate.consistency.History.Attempt;
import com.vantage.syncstate.consistency.History.Call;
import com.vantage.syncstate.consistency.History.CallResult;
import com.vantage.syncstate.consistency.History.Counts;
import com.vantage.syncstate.consistency.History.Operation;
import com.vantage.syncstate.consistency.History.RecordedRun;
import com.vantage.syncstate.consistency.History.RecordedState;
import com.vantage.syncstate.consistency.HistoryChecker.Fault;
import com.vantage.syncstate.consistency.HistoryChecker.Violation;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** Faults planted in a history that is right, each of which the checker finds. */
class HistoryCheckerTest {

    private static final Duration STUCK_AFTER = Duration.ofMinutes(30);
    private static final Instant MIDNIGHT = Instant.parse("2026-11-22T00:00:00Z");

    private final UUID first = new UUID(0, 1);
    private final UUID second = new UUID(0, 2);
    private final UUID third = new UUID(0, 3);
    private final UUID fourth = new UUID(0, 4);

    private final List<Attempt> attempts = new ArrayList<>();
    private final List<RecordedRun> runs = new ArrayList<>();
    private int clock;
    private int mark;

    /**
     * The first run succeeds on the second try; the second fails; the third is taken over by the fourth, which has made
     * progress and runs.
     */
    HistoryCheckerTest() {
        RecordedRun one = begin(first, false);
        Call complete = call(Operation.COMPLETE, first);
        attempts.add(new Attempt(complete, ++clock, ++clock, null));
        one = put(0, succeeded(one, complete));
        acknowledge(complete, ended(one, one));

        RecordedRun two = begin(second, false);
        Call fail = call(Operation.FAIL, second);
        two = put(1, failed(two, fail));
        acknowledge(fail, ended(two, one));

        RecordedRun three = begin(third, false);
        put(2, takenOver(three, fourth, clock + 1));
        RecordedRun four = begin(fourth, true);
        refuse(call(Operation.COMPLETE, third), "run-superseded", fourth);
        refuse(call(Operation.START, new UUID(0, 5)), "sync-already-running", fourth);

        Call progress = call(Operation.PROGRESS, fourth);
        put(3, progressed(four, progress));
        acknowledge(progress, running(runs.get(3)));
    }

    @Test
    void findsNothingInAHistoryThatIsRight() {
        assertThat(HistoryChecker.check(history())).isEmpty();
    }

    @Test
    void findsALostComplete() {
        RecordedRun run = runs.get(0);
        put(0, with(run, "failed", run.completedAt(), Counts.NONE, run.supersededBy()));

        assertFinds(Fault.LOST);
    }

    @Test
    void findsAFailureThatLostItsReport() {
        RecordedRun run = runs.get(1);
        runs.set(
                1,
                new RecordedRun(
                        run.id(),
                        run.resource(),
                        run.status(),
                        run.startedAt(),
                        run.completedAt(),
                        run.counts(),
                        List.of(),
                        null,
                        null,
                        null,
                        null));

        assertFinds(Fault.LOST);
    }

    @Test
    void findsLostProgress() {
        put(3, with(runs.get(3), "running", null, Counts.NONE, null));

        assertFinds(Fault.LOST);
    }

    @Test
    void findsProgressThatAnOlderOneOverwrote() {
        Call newer = call(Operation.PROGRESS, fourth);
        acknowledge(newer, running(progressed(runs.get(3), newer)));

        assertFinds(Fault.LOST);
    }

    @Test
    void findsCountsThatNobodyReported() {
        RecordedRun run = runs.get(0);
        put(0, with(run, run.status(), run.completedAt(), new Counts(1, 2, 3), null));

        assertFinds(Fault.LOST);
    }

    @Test
    void findsACompleteThatWasAppliedTwice() {
        RecordedRun run = runs.get(0);
        put(0, with(run, run.status(), run.completedAt().plusSeconds(1), run.counts(), null));

        assertFinds(Fault.APPLIED_TWICE);
    }

    @Test
    void findsARepetitionThatWroteTheRowAgain() {
        Attempt start = attempts.get(0);
        RecordedState again = start.answer().state();
        acknowledge(
                start.call(),
                new RecordedState(
                        again.resource(),
                        again.status(),
                        again.run(),
                        again.startedAt(),
                        null,
                        null,
                        again.counts(),
                        again.errors(),
                        null,
                        null,
                        again.updatedAt().plusSeconds(1)));

        assertFinds(Fault.APPLIED_TWICE);
    }

    @Test
    void findsASecondCompleteThatReplacedTheFirst() {
        Call other = call(Operation.COMPLETE, first);
        RecordedRun run = succeeded(runs.get(0), other);
        put(0, with(run, run.status(), runs.get(0).completedAt(), run.counts(), null));
        attempts.add(new Attempt(other, ++clock, ++clock, null));

        assertFinds(Fault.APPLIED_TWICE);
    }

    @Test
    void findsAnAcceptedZombie() {
        Call zombie = call(Operation.COMPLETE, third);
        RecordedRun four = runs.get(3);
        put(3, succeeded(four, zombie));
        acknowledge(zombie, ended(runs.get(3), runs.get(3)));

        assertFinds(Fault.ZOMBIE_ACCEPTED);
    }

    @Test
    void findsAZombieThatWasAnsweredWithSuccess() {
        acknowledge(call(Operation.COMPLETE, third), running(runs.get(3)));

        assertFinds(Fault.ZOMBIE_ACCEPTED);
    }

    @Test
    void findsAZombieWhoseCompleteCameBeforeTheRunThatHadTakenOver() {
        // The rows look as though the third run ended on its own; but its call was sent when the fourth was known to
        // run.
        Call zombie = call(Operation.COMPLETE, third);
        RecordedRun three = runs.get(2);
        RecordedRun before = new RecordedRun(
                third,
                three.resource(),
                "running",
                three.startedAt(),
                null,
                Counts.NONE,
                List.of(),
                null,
                null,
                null,
                null);
        put(2, with(succeeded(before, zombie), "success", three.completedAt(), zombie.counts(), null));
        attempts.removeIf(
                attempt -> attempt.call().run().equals(third) && attempt.call().operation() == Operation.COMPLETE);
        attempts.add(new Attempt(zombie, ++clock, ++clock, null));

        assertFinds(Fault.ZOMBIE_ACCEPTED);
    }

    @Test
    void findsAZombiesProgress() {
        Call zombie = call(Operation.PROGRESS, third);
        put(2, progressed(runs.get(2), zombie));
        attempts.add(new Attempt(zombie, ++clock, ++clock, null));

        assertFinds(Fault.ZOMBIE_ACCEPTED);
    }

    @Test
    void findsOverlappingRuns() {
        RecordedRun run = runs.get(0);
        put(0, with(run, run.status(), runs.get(1).startedAt().plusSeconds(1), run.counts(), null));

        assertFinds(Fault.OVERLAP);
    }

    @Test
    void findsTwoRunningRuns() {
        put(2, with(runs.get(2), "running", null, Counts.NONE, null));

        assertFinds(Fault.OVERLAP);
    }

    @Test
    void findsARunThatWasTakenOverAlive() {
        attempts.replaceAll(
                attempt -> attempt.call().run().equals(fourth) && attempt.call().force()
                        ? new Attempt(
                                new Call(
                                        Operation.START,
                                        "accounts",
                                        fourth,
                                        false,
                                        attempt.call().mark()),
                                attempt.sentAt(),
                                attempt.answeredAt(),
                                attempt.answer())
                        : attempt);

        assertFinds(Fault.TAKEN_OVER_ALIVE);
    }

    @Test
    void findsAGap() {
        runs.remove(1);

        assertFinds(Fault.GAP);
    }

    @Test
    void findsATakeoverByARunThatIsMissing() {
        put(2, takenOver(runs.get(2), new UUID(0, 9), seconds(runs.get(3).startedAt())));

        assertFinds(Fault.GAP);
    }

    @Test
    void findsARunThatNobodyStarted() {
        attempts.removeIf(
                attempt -> attempt.call().run().equals(second) && attempt.call().operation() == Operation.START);

        assertFinds(Fault.INVENTED);
    }

    @Test
    void findsAStateThatIsNotItsLatestRun() {
        assertFinds(
                Fault.DISAGREEMENT,
                state -> new RecordedState(
                        state.resource(),
                        "failed",
                        second,
                        state.startedAt(),
                        state.completedAt(),
                        state.lastSyncTime(),
                        state.counts(),
                        state.errors(),
                        state.watermark(),
                        null,
                        state.updatedAt()));
    }

    @Test
    void findsAStateThatLostItsWatermark() {
        assertFinds(Fault.DISAGREEMENT, state -> withWatermark(state, null));
    }

    @Test
    void acceptsAWatermarkThatIsGoneWhereTheClockJumped() {
        assertThat(HistoryChecker.check(history(state -> withWatermark(state, null)), true))
                .isEmpty();
    }

    @Test
    void findsAnotherWatermarkAlsoWhereTheClockJumped() {
        History history = history(state -> withWatermark(state, state.updatedAt()));

        assertThat(HistoryChecker.check(history, true))
                .extracting(Violation::fault)
                .contains(Fault.DISAGREEMENT);
    }

    @Test
    void findsARefusalForARunThatHadLongEnded() {
        refuse(call(Operation.START, new UUID(0, 6)), "sync-already-running", first);

        assertFinds(Fault.OUT_OF_ORDER);
    }

    @Test
    void findsRefusalsThatTheContractDoesNotAllow() {
        refuse(call(Operation.COMPLETE, first), "run-already-finished", first);
        refuse(call(Operation.COMPLETE, second), "run-superseded", third);
        refuse(call(Operation.PROGRESS, fourth), "sync-not-running", fourth);

        assertThat(HistoryChecker.check(history()))
                .extracting(Violation::fault)
                .containsExactly(Fault.WRONG_ANSWER, Fault.WRONG_ANSWER, Fault.WRONG_ANSWER);
    }

    private void assertFinds(Fault fault) {
        assertFinds(fault, UnaryOperator.identity());
    }

    private void assertFinds(Fault fault, UnaryOperator<RecordedState> planted) {
        assertThat(HistoryChecker.check(history(planted)))
                .extracting(Violation::fault)
                .contains(fault);
    }

    private History history(UnaryOperator<RecordedState> planted) {
        History history = history();
        return new History(
                history.attempts(), history.states().stream().map(planted).toList(), history.runs(), STUCK_AFTER);
    }

    private static RecordedState withWatermark(RecordedState state, @Nullable Instant watermark) {
        return new RecordedState(
                state.resource(),
                state.status(),
                state.run(),
                state.startedAt(),
                state.completedAt(),
                state.lastSyncTime(),
                state.counts(),
                state.errors(),
                watermark,
                state.progress(),
                state.updatedAt());
    }

    private History history() {
        RecordedRun latest = runs.get(runs.size() - 1);
        RecordedRun success = runs.get(0);
        RecordedState state =
                latest.is("running") ? running(latest) : ended(latest, latest.is("success") ? latest : success);
        return new History(List.copyOf(attempts), List.of(state), List.copyOf(runs), STUCK_AFTER);
    }

    private RecordedRun begin(UUID id, boolean force) {
        Call start = new Call(Operation.START, "accounts", id, force, ++mark);
        RecordedRun run = new RecordedRun(
                id,
                "accounts",
                "running",
                MIDNIGHT.plusSeconds(clock + 1),
                null,
                Counts.NONE,
                List.of(),
                null,
                null,
                null,
                null);
        runs.add(run);
        acknowledge(start, running(run));
        return run;
    }

    private Call call(Operation operation, UUID run) {
        return new Call(operation, "accounts", run, false, ++mark);
    }

    private void acknowledge(Call call, RecordedState state) {
        attempts.add(new Attempt(call, ++clock, ++clock, new CallResult(200, null, null, state)));
    }

    private void refuse(Call call, String problem, UUID named) {
        attempts.add(new Attempt(call, ++clock, ++clock, new CallResult(409, problem, named, null)));
    }

    private RecordedRun put(int place, RecordedRun run) {
        runs.set(place, run);
        return run;
    }

    private RecordedRun succeeded(RecordedRun run, Call by) {
        return new RecordedRun(
                run.id(),
                run.resource(),
                "success",
                run.startedAt(),
                MIDNIGHT.plusSeconds(clock + 1),
                by.counts(),
                List.of(),
                by.watermark() == null ? run.startedAt() : by.watermark(),
                run.progress(),
                run.progressAt(),
                null);
    }

    private RecordedRun failed(RecordedRun run, Call by) {
        return new RecordedRun(
                run.id(),
                run.resource(),
                "failed",
                run.startedAt(),
                MIDNIGHT.plusSeconds(clock + 1),
                by.counts(),
                List.of(by.error()),
                null,
                run.progress(),
                run.progressAt(),
                null);
    }

    private static RecordedRun progressed(RecordedRun run, Call by) {
        return new RecordedRun(
                run.id(),
                run.resource(),
                run.status(),
                run.startedAt(),
                run.completedAt(),
                run.counts(),
                run.errors(),
                run.watermark(),
                by.mark(),
                run.startedAt(),
                run.supersededBy());
    }

    private static RecordedRun takenOver(RecordedRun run, UUID by, long at) {
        return with(run, "abandoned", MIDNIGHT.plusSeconds(at), Counts.NONE, by);
    }

    private static RecordedRun with(
            RecordedRun run, String status, Instant completedAt, Counts counts, UUID supersededBy) {
        return new RecordedRun(
                run.id(),
                run.resource(),
                status,
                run.startedAt(),
                completedAt,
                counts,
                run.errors(),
                run.watermark(),
                null,
                null,
                supersededBy);
    }

    private static long seconds(Instant time) {
        return Duration.between(MIDNIGHT, time).toSeconds();
    }

    /** What the state is while it runs, after what has come before. */
    private RecordedState running(RecordedRun run) {
        RecordedRun success = runs.get(0).id().equals(run.id()) ? null : runs.get(0);
        boolean failedBefore = runs.size() > 2;
        return new RecordedState(
                run.resource(),
                "running",
                run.id(),
                run.startedAt(),
                null,
                success == null ? null : success.completedAt(),
                success == null ? Counts.NONE : success.counts(),
                failedBefore ? runs.get(1).errors() : List.of(),
                success == null ? null : success.watermark(),
                run.progress(),
                run.startedAt());
    }

    private static RecordedState ended(RecordedRun run, RecordedRun success) {
        return new RecordedState(
                run.resource(),
                run.status(),
                run.id(),
                run.startedAt(),
                run.completedAt(),
                success.completedAt(),
                success.counts(),
                run.errors(),
                success.watermark(),
                null,
                run.completedAt());
    }
}
