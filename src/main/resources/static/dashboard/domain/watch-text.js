// What the page says where incidents are late, or somebody is not notified of them.

import { now } from "./clock.js";
import { detailOf, isOfChannel } from "./incidents.js";
import { zonedTime } from "./times.js";

/**
 * @param watch {evaluated_at, behind}; null where it is not known
 * @param incidents all that are open
 * @returns sentences; none where all is well
 */
export function describeWatch(watch, incidents, at = now()) {
  const late = watch?.behind ? [describeLate(watch.evaluated_at, at)] : [];
  return [...late, ...incidents.filter(isOfChannel).map(describeChannel)];
}

function describeLate(evaluatedAt, at) {
  const last =
    evaluatedAt === null ? "Alerts have not been evaluated yet" : `Alerts were last evaluated at ${zonedTime(evaluatedAt, at)}`;
  return `${last}: incidents open and close late, and nobody is notified. The log of the service says why; the states below are live all the same.`;
}

function describeChannel(incident) {
  return `${detailOf(incident)} Its notifications wait. Correct the cause, then POST /${incident.resource.replace("channel/", "channels/")}/test.`;
}
