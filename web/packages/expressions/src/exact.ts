/** An exact decimal: `units / 10 ** scale`. */
export class Exact {
  constructor(
    readonly units: bigint,
    readonly scale: number,
  ) {}

  toString(): string {
    return shortest(this);
  }
}

export type Rounding = "half" | "up" | "down" | "floor" | "ceiling";

const POWERS: bigint[] = [1n];

export function power(places: number): bigint {
  for (let at = POWERS.length; at <= places; at += 1) POWERS.push(POWERS[at - 1]! * 10n);
  return POWERS[places]!;
}

export const ZERO = new Exact(0n, 0);
export const whole = (value: number | bigint): Exact => new Exact(BigInt(value), 0);

/** Reads `-12.50`; a number of the host (an id, a count) is taken as it is. */
export function number(value: string | number | Exact): Exact {
  if (value instanceof Exact) return value;
  const text = typeof value === "number" ? plain(value) : value;
  const point = text.indexOf(".");
  if (point < 0) return new Exact(BigInt(text.replace(/^\+/, "")), 0);
  const part = text.slice(point + 1);
  return new Exact(BigInt((text.slice(0, point) + part).replace(/^\+/, "")), part.length);
}

const plain = (value: number): string => (Number.isInteger(value) ? BigInt(value).toString() : /e/.test(String(value)) ? value.toFixed(12) : String(value));

/** Without exponent and without zeros at the end. */
export function shortest({ units, scale }: Exact): string {
  const negative = units < 0n;
  const digits = (negative ? -units : units).toString().padStart(scale + 1, "0");
  const head = digits.slice(0, digits.length - scale);
  const tail = scale > 0 ? digits.slice(digits.length - scale).replace(/0+$/, "") : "";
  return `${negative ? "-" : ""}${head}${tail ? `.${tail}` : ""}`;
}

/** With all its decimals. */
export function written(value: Exact, scale: number): string {
  const { units } = round(value, scale);
  const negative = units < 0n;
  const digits = (negative ? -units : units).toString().padStart(scale + 1, "0");
  return `${negative ? "-" : ""}${digits.slice(0, digits.length - scale)}${scale > 0 ? `.${digits.slice(digits.length - scale)}` : ""}`;
}

const lift = (value: Exact, scale: number): bigint => value.units * power(scale - value.scale);

export function add(left: Exact, right: Exact): Exact {
  const scale = Math.max(left.scale, right.scale);
  return new Exact(lift(left, scale) + lift(right, scale), scale);
}

export const negate = (value: Exact): Exact => new Exact(-value.units, value.scale);
export const subtract = (left: Exact, right: Exact): Exact => add(left, negate(right));

export function compare(left: Exact, right: Exact): number {
  const scale = Math.max(left.scale, right.scale);
  const one = lift(left, scale);
  const other = lift(right, scale);
  return one < other ? -1 : one > other ? 1 : 0;
}

const size = (value: bigint): bigint => (value < 0n ? -value : value);

/** The quotient of two whole numbers in a direction. */
export function divided(top: bigint, bottom: bigint, rounding: Rounding): bigint {
  const negative = top < 0n !== bottom < 0n;
  const high = size(top);
  const low = size(bottom);
  let quotient = high / low;
  const rest = high % low;
  if (rest !== 0n) {
    const further =
      rounding === "up" || (rounding === "half" && rest * 2n >= low) || (rounding === "ceiling" && !negative) || (rounding === "floor" && negative);
    if (further) quotient += 1n;
  }
  return negative ? -quotient : quotient;
}

/** So many decimals; negative places round before the point. */
export function round(value: Exact, places: number, rounding: Rounding = "half"): Exact {
  const wanted = Math.max(-12, Math.min(12, places));
  if (wanted >= value.scale) return new Exact(lift(value, wanted), wanted);
  if (wanted >= 0) return new Exact(divided(value.units, power(value.scale - wanted), rounding), wanted);
  return new Exact(divided(value.units, power(value.scale - wanted), rounding) * power(-wanted), 0);
}

const TWELVE = 12;

export function multiply(left: Exact, right: Exact): Exact {
  const product = new Exact(left.units * right.units, left.scale + right.scale);
  return product.scale > TWELVE ? round(product, TWELVE) : product;
}

/** With twelve decimals, or null when the divisor is zero. */
export function divide(left: Exact, right: Exact): Exact | null {
  if (right.units === 0n) return null;
  const places = TWELVE + right.scale - left.scale;
  const top = places >= 0 ? left.units * power(places) : left.units;
  const bottom = places >= 0 ? right.units : right.units * power(-places);
  return new Exact(divided(top, bottom, "half"), TWELVE);
}

export const integer = (value: Exact): number => Number(divided(value.units, power(value.scale), "down"));
