import type { ForeseenStep } from "@lowcode/protocol";

/** Steps one after the other, and branches beside one another. */
export type Nested = { step: ForeseenStep } | { branches: Nested[][] };

/** Kinds that only show where the flow stands: they say nothing to whoever asks what comes next. */
const SILENT = new Set(["start", "join", "end"]);

/** Foreseen steps by the branches they are on: what goes on side by side is walked in turns and read one by one. */
export function nested(steps: readonly ForeseenStep[], depth = 0): Nested[] {
  const told = depth === 0 ? steps.filter((each) => !SILENT.has(each.kind)) : steps;
  const out: Nested[] = [];
  let at = 0;
  while (at < told.length) {
    const split = told[at]!.branch?.[depth]?.[0];
    if (split === undefined) {
      out.push({ step: told[at]! });
      at += 1;
      continue;
    }
    const ways = new Map<number, ForeseenStep[]>();
    for (; at < told.length && told[at]!.branch?.[depth]?.[0] === split; at += 1) {
      const exit = told[at]!.branch![depth]![1];
      ways.set(exit, [...(ways.get(exit) ?? []), told[at]!]);
    }
    out.push({ branches: [...ways.values()].map((each) => nested(each, depth + 1)) });
  }
  return out;
}
