// The key, kept for this tab only.

const NAME = "vantage-key";

export const storedKey = () => sessionStorage.getItem(NAME);

export const storeKey = (key) => sessionStorage.setItem(NAME, key);

export const forgetKey = () => sessionStorage.removeItem(NAME);

/** Whether a header can carry it. */
export const isValidKey = (key) => /^[\x21-\x7e]+$/.test(key);
