import type { Merged } from "./merging";
import type { Node } from "./tree";

/** My document as it was sent, and what came of it and of what somebody else published. */
export interface Joined<Found extends Merged = Merged> {
  mine: Node;
  both: Found;
}

/** Mine and theirs together. What changes on the desk while the server is asked is no part of its answer: it is asked
 * again, until what came back was made of the document as it stands. */
export async function joinedLatest<Found extends Merged>(latest: () => Node, ask: (mine: Node) => Promise<Found>): Promise<Joined<Found>> {
  for (;;) {
    const mine = latest();
    const both = await ask(mine);
    if (mine === latest()) return { mine, both };
  }
}
