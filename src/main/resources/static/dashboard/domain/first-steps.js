// The calls that make the first resource move, and which of them have been made.

/** Whether nothing has been synced yet: there is no resource, or none of which a run has ended. */
export const isNew = (states) => states.every((state) => state.completed_at === null && state.last_sync_time === null);

/** @returns the resource that the calls are for, and which of start, progress and complete has been made */
export function firstSteps(states) {
  const running = states.find((state) => state.last_sync_status === "running");
  return {
    resource: (running ?? states[0])?.resource ?? "accounts",
    made: { start: running !== undefined, progress: (running?.progress ?? null) !== null, complete: false },
  };
}
