// The time by the service's clock.

const TOLERANCE = 2000;

let offset = 0;

/** Follows the Date header of an answer where this machine's clock is visibly off. */
export function setServerTime(dateHeader, localTime = Date.now()) {
  const difference = Date.parse(dateHeader) - localTime;
  offset = Math.abs(difference) > TOLERANCE ? difference : 0;
}

export const now = () => Date.now() + offset;
