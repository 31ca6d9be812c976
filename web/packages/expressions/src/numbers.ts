import { strict } from "./blanks";
import { add, compare, divided, Exact, integer, multiply, number, power, round, whole, ZERO, type Rounding } from "./exact";

type Numeric = Exact | number;

const places = (value: Numeric | undefined): number => (value === undefined ? 0 : integer(number(value)));
const rounding = (mode: Rounding) => strict((value: Numeric, count?: Numeric) => round(number(value), places(count), mode));

/** The nearest multiple of a step in a direction; blank when there is no step. */
const multiple = (mode: Rounding) =>
  strict((value: Numeric, step?: Numeric) => {
    const by = number(step ?? 1);
    if (by.units === 0n) return null;
    const top = number(value);
    const scale = Math.max(top.scale, by.scale);
    const size = by.units < 0n ? -by.units : by.units;
    const times = divided(top.units * power(scale - top.scale), size * power(scale - by.scale), mode);
    return multiply(new Exact(times, 0), new Exact(size, by.scale));
  });

function modulo(left: Exact, right: Exact): Exact | null {
  if (right.units === 0n) return null;
  const scale = Math.max(left.scale, right.scale);
  const bottom = right.units * power(scale - right.scale);
  const rest = (left.units * power(scale - left.scale)) % bottom;
  return new Exact(rest !== 0n && rest < 0n !== bottom < 0n ? rest + bottom : rest, scale);
}

function quotient(left: Exact, right: Exact): Exact | null {
  if (right.units === 0n) return null;
  const scale = Math.max(left.scale, right.scale);
  return new Exact(divided(left.units * power(scale - left.scale), right.units * power(scale - right.scale), "down"), 0);
}

/** By whole numbers, twelve decimals, the last one rounded half up. */
function root(value: Exact): Exact | null {
  if (value.units < 0n) return null;
  const square = round(value, 12).units * power(14);
  let guess = BigInt(Math.floor(Math.sqrt(Number(square))));
  for (let turn = 0; turn < 200; turn += 1) {
    const next = guess === 0n ? 0n : (guess + square / guess) >> 1n;
    if (next === guess || next === guess + 1n) break;
    guess = next;
  }
  while (guess * guess > square) guess -= 1n;
  while ((guess + 1n) * (guess + 1n) <= square) guess += 1n;
  const found = round(new Exact(guess, 13), 12);
  return compare(found, new Exact(10n ** 16n, 0)) < 0 ? found : null;
}

export const numbers = {
  ABS: strict((value: Numeric) => {
    const { units, scale } = number(value);
    return new Exact(units < 0n ? -units : units, scale);
  }),
  SIGN: strict((value: Numeric) => whole(compare(number(value), ZERO))),
  ROUND: rounding("half"),
  ROUNDUP: rounding("up"),
  ROUNDDOWN: rounding("down"),
  TRUNC: rounding("down"),
  INT: strict((value: Numeric) => round(number(value), 0, "floor")),
  CEILING: multiple("ceiling"),
  FLOOR: multiple("floor"),
  MROUND: multiple("half"),
  MOD: strict((value: Numeric, divisor: Numeric) => modulo(number(value), number(divisor))),
  QUOTIENT: strict((value: Numeric, divisor: Numeric) => quotient(number(value), number(divisor))),
  SQRT: strict((value: Numeric) => root(number(value))),
};

export const total = (values: Exact[]): Exact => values.reduce(add, ZERO);
