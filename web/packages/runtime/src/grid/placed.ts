/** How many records have a value of a field. */
export interface Counted {
  key: string;
  value: unknown;
  count: number;
  /** Where its records begin among all records: they stand in the order of the stored values, groups in that of people. */
  from: number;
  /** What is left when there are too many values to tell of each. */
  rest?: boolean;
}

/** A group in its list: `at` is the line on which its heading stands. */
export interface Together extends Counted {
  folded: boolean;
  at: number;
}

export interface Range {
  first: number;
  last: number;
}

/** Groups one below the other; of those that are folded only the heading takes a line. */
export function placed(counted: Counted[], folded: ReadonlySet<string>): Together[] {
  let at = 0;
  return counted.map((each) => {
    const group = { ...each, folded: folded.has(each.key), at };
    at += 1 + (group.folded ? 0 : each.count);
    return group;
  });
}

/** How many lines groups take. */
export function linesOf(groups: Together[]): number {
  const last = groups.at(-1);
  return last ? last.at + 1 + (last.folded ? 0 : last.count) : 0;
}

/** The group that a line belongs to, and which of all records stands on it: none on that of a heading. */
export function lineOf(groups: Together[], line: number): { group: Together; record: number | null } | null {
  let low = 0;
  let high = groups.length - 1;
  while (low < high) {
    const middle = (low + high + 1) >> 1;
    if (groups[middle]!.at <= line) low = middle;
    else high = middle - 1;
  }
  const group = groups[low];
  if (!group || line < group.at) return null;
  return { group, record: line === group.at ? null : group.from + line - group.at - 1 };
}

/** Which records stand on some lines, as ranges. */
export function recordsOf(groups: Together[], first: number, last: number): Range[] {
  return groups.flatMap((group) => {
    if (group.folded) return [];
    const from = Math.max(first, group.at + 1) - group.at - 1;
    const to = Math.min(last, group.at + 1 + group.count) - group.at - 1;
    return from < to ? [{ first: group.from + from, last: group.from + to }] : [];
  });
}
