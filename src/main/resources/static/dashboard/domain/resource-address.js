// The address of an open resource: #/accounts.

export const hashOf = (resource) => `#/${encodeURIComponent(resource)}`;

/** The resource that a hash names; null for a hash that names none, such as #content. */
export function resourceFromHash(hash) {
  if (!hash.startsWith("#/") || hash === "#/") {
    return null;
  }
  try {
    return decodeURIComponent(hash.slice(2));
  } catch {
    return hash.slice(2);
  }
}
