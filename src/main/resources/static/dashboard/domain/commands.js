// Commands to paste into a shell.

/** A command of the service, whose address the page knows: what is left to set is the key. */
export const withAddress = (command, origin) => command.replaceAll("$URL", origin);
