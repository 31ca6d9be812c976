import type { Values } from "@lowcode/protocol";

/** What an action did to several things: each was done, or refused with its reasons, and `refused` is how many; `next`
 * is where to go on. */
interface Answer {
  refused?: unknown;
  items?: { subject?: string; done?: boolean; problems?: { detail: string }[] }[];
  next?: unknown;
}

export interface Refused {
  subject: string;
  why: string;
}

/** Runs an action to its end: one that does so many at once is asked again until none is left. Of one that answers for
 * several it is said how many were done and which were refused; of any other nothing. */
export async function toTheEnd(run: (parameters: Values) => Promise<unknown>, parameters: Values): Promise<{ done: number; refused: Refused[] } | null> {
  let done = 0;
  const refused: Refused[] = [];
  for (let after: unknown = undefined; ; ) {
    const answer = (await run(after == null ? parameters : { ...parameters, after })) as Answer | null;
    if (!Array.isArray(answer?.items) || typeof answer.refused !== "number") return null;
    done += answer.items.filter((each) => each.done).length;
    refused.push(...answer.items.flatMap(({ subject = "", problems = [] }) => (problems.length > 0 ? [{ subject, why: problems.map((each) => each.detail).join("; ") }] : [])));
    after = answer.next;
    if (after == null) return { done, refused };
  }
}
