package com.vantage.syncstate.consistency;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * What clients did and what became of it: every attempt in the order of its answer, and the rows in the end.
 *
 * @param stuckAfter the silence after which a run could be taken over without force
 */
public record History(List<Attempt> attempts, List<RecordedState> states, List<RecordedRun> runs, Duration stuckAfter) {

    /** A lifecycle call. */
    public enum Operation {
        START,
        PROGRESS,
        COMPLETE,
        FAIL
    }

    /** How a call is made. */
    public enum Protocol {
        API,
        RPC,
        PING,
        EVENT
    }

    /**
     * What a client wants done once, however often it asks; all that it sends follows from the mark, so that a value
     * found in a row identifies the call it came from.
     *
     * @param mark of this call alone
     */
    public record Call(Operation operation, String resource, UUID run, boolean force, int mark) {

        private static final Instant NEW_YEAR = Instant.parse("2025-01-01T00:00:00Z");

        /** A ping has no error of its own, and an event no records in progress. */
        public Protocol protocol() {
            if (mark % 7 < 2) {
                return Protocol.RPC;
            }
            if (force || operation == Operation.FAIL) {
                return Protocol.API;
            }
            if (mark % 3 == 0) {
                return Protocol.PING;
            }
            return mark % 5 == 1 && operation != Operation.PROGRESS ? Protocol.EVENT : Protocol.API;
        }

        /** Of which an event knows one, and no watermark. */
        public Counts counts() {
            return protocol() == Protocol.EVENT ? new Counts(mark, 0, 0) : new Counts(mark, mark % 7, mark - mark % 7);
        }

        /** Every other complete gives one. */
        public @Nullable Instant watermark() {
            return mark % 2 == 0 && protocol() != Protocol.EVENT ? NEW_YEAR.plusSeconds(mark) : null;
        }

        public String error() {
            return "E" + mark;
        }
    }

    /** Records processed, created and updated. */
    public record Counts(int synced, int created, int updated) {
        public static final Counts NONE = new Counts(0, 0, 0);
    }

    /**
     * One time that a call was sent.
     *
     * @param sentAt by a clock that never steps, as is {@code answeredAt}
     * @param answer null where it never came, was thrown away or reported an outage: the call may have taken effect, may
     *     do so yet, or never will
     */
    public record Attempt(
            Call call,
            long sentAt,
            long answeredAt,
            @Nullable CallResult answer) {

        public boolean isAcknowledged() {
            return answer != null && answer.status() == 200;
        }
    }

    /**
     * An answer.
     *
     * @param problem slug of a refusal
     * @param named the run that stands in the way or took over, where a refusal names it
     * @param state of the resource, where it was not refused
     */
    public record CallResult(
            int status,
            @Nullable String problem,
            @Nullable UUID named,
            @Nullable RecordedState state) {}

    /** A row of {@code vantage_sync_state}; errors by their codes. */
    public record RecordedState(
            String resource,
            String status,
            @Nullable UUID run,
            @Nullable Instant startedAt,
            @Nullable Instant completedAt,
            @Nullable Instant lastSyncTime,
            Counts counts,
            List<String> errors,
            @Nullable Instant watermark,
            @Nullable Integer progress,
            Instant updatedAt) {}

    /**
     * A row of {@code vantage_sync_run}; errors by their codes.
     *
     * @param progressAt its last sign of life after its start
     */
    public record RecordedRun(
            UUID id,
            String resource,
            String status,
            Instant startedAt,
            @Nullable Instant completedAt,
            Counts counts,
            List<String> errors,
            @Nullable Instant watermark,
            @Nullable Integer progress,
            @Nullable Instant progressAt,
            @Nullable UUID supersededBy) {

        boolean is(String other) {
            return status.equals(other);
        }
    }
}
