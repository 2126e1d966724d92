// Work for when the browser has nothing better to do.

const SLICE = 8;

/**
 * @param work called once, with a function that says whether there is time left
 * @returns {cancel()}
 */
export function whenIdle(work) {
  if (globalThis.requestIdleCallback) {
    const handle = requestIdleCallback((deadline) => work(() => deadline.timeRemaining() > 1));
    return { cancel: () => cancelIdleCallback(handle) };
  }
  // Safari has none.
  const handle = setTimeout(() => {
    const end = performance.now() + SLICE;
    work(() => performance.now() < end);
  }, SLICE);
  return { cancel: () => clearTimeout(handle) };
}
