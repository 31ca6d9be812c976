import { add, divide, Exact, number, whole } from "./exact";
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
  FIRST: (...values: unknown[]) => present(values)[0] ?? null,
  LAST: (...values: unknown[]) => present(values).at(-1) ?? null,
  ANY: (...values: unknown[]) => present(values).some((each) => each === true),
  ALL: (...values: unknown[]) => present(values).every((each) => each === true),
  XOR: (...values: unknown[]) => (values.some((each) => each === null) ? null : values.filter((each) => each === true).length % 2 === 1),
  HASROLE: (m: Moment, role: string | null) => role !== null && m.roles.has(role),
};
