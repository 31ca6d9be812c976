/** A name under which a page keeps or tells something, and no page of another address of the same origin does: several
 * hosts may stand there side by side. */
export const hereabouts = (name: string): string => `${name}:${new URL(".", document.baseURI).pathname}`;
