// Numbers, rates and counts in words.

const NUMBER = new Intl.NumberFormat("en");
const RATE = new Intl.NumberFormat("en", { maximumSignificantDigits: 3 });

export const formatNumber = (value) => (Number.isFinite(value) ? NUMBER.format(value) : "–");

export const formatRate = (perSecond) => (Number.isFinite(perSecond) ? RATE.format(perSecond) : "–");

/** "1 error", "2 errors" */
export const count = (value, noun) => `${formatNumber(value)} ${noun}${value === 1 ? "" : "s"}`;
