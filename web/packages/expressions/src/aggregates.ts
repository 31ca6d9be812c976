import { add, divide, Exact, multiply, number, whole } from "./exact";
import { total } from "./numbers";
import { equal, order, type Moment } from "./values";

const present = (values: unknown[]): unknown[] => values.filter((each) => each !== null && each !== undefined);
const numeric = (values: unknown[]): Exact[] => present(values).map((each) => number(each as Exact | number));

function extreme(values: unknown[], sign: number): unknown {
  const found = present(values);
  return found.length === 0 ? null : found.reduce((best, each) => (order(each, best) * sign > 0 ? each : best));
}

function median(values: unknown[]): Exact | null {
  const sorted = numeric(values).sort(order);
  if (sorted.length === 0) return null;
  const middle = sorted.length >> 1;
  return sorted.length % 2 ? sorted[middle]! : divide(add(sorted[middle - 1]!, sorted[middle]!), whole(2));
}

const minus = (value: Exact): Exact => multiply(value, whole(-1));

/** The value below which a share of the values lie, between two of them in proportion. */
function percentile(values: unknown[], share: Exact): Exact | null {
  const sorted = numeric(values).sort(order);
  if (sorted.length === 0) return null;
  const place = multiply(number(share), whole(sorted.length - 1));
  let below = 0;
  while (below < sorted.length - 1 && order(whole(below + 1), place) <= 0) below += 1;
  const low = sorted[below]!;
  const high = sorted[Math.min(below + 1, sorted.length - 1)]!;
  return divide(add(low, multiply(add(high, minus(low)), add(place, whole(-below)))), whole(1));
}

/** Functions over rows or arguments; blanks are left out. */
export const aggregates = {
  SUM: (...values: unknown[]) => total(numeric(values)),
  COUNT: (...values: unknown[]) => whole(present(values).length),
  COUNTUNIQUE: (...values: unknown[]) => {
    const seen: unknown[] = [];
    for (const each of present(values)) if (!seen.some((other) => equal(each, other))) seen.push(each);
    return whole(seen.length);
  },
  AVERAGE: (...values: unknown[]) => {
    const found = numeric(values);
    return found.length === 0 ? null : divide(total(found), whole(found.length));
  },
  MIN: (...values: unknown[]) => extreme(values, -1),
  MAX: (...values: unknown[]) => extreme(values, 1),
  MEDIAN: (...values: unknown[]) => median(values),
  PERCENTILE: (values: unknown[], share: Exact) => percentile(values, share),
  FIRST: (...values: unknown[]) => present(values)[0] ?? null,
  LAST: (...values: unknown[]) => present(values).at(-1) ?? null,
  ANY: (...values: unknown[]) => present(values).some((each) => each === true),
  ALL: (...values: unknown[]) => present(values).every((each) => each === true),
  XOR: (...values: unknown[]) => (values.some((each) => each === null) ? null : values.filter((each) => each === true).length % 2 === 1),
  HASROLE: (m: Moment, role: string | null) => role !== null && m.roles.has(role),
};
