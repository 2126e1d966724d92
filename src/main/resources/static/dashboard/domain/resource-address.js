// The address of an open resource: #/accounts beside the list, #/accounts/page on a page of its own.

const PAGE = "/page";

export const hashOf = (resource, wide = false) => `#/${encodeURIComponent(resource)}${wide ? PAGE : ""}`;

/** The resource that a hash names; null for a hash that names none, such as #content. */
export function resourceFromHash(hash) {
  const name = hash.slice(2, isWide(hash) ? -PAGE.length : undefined);
  if (!hash.startsWith("#/") || name === "") {
    return null;
  }
  try {
    return decodeURIComponent(name);
  } catch {
    return name;
  }
}

/** No name contains a slash. */
export const isWide = (hash) => hash.length > 2 + PAGE.length && hash.endsWith(PAGE);
