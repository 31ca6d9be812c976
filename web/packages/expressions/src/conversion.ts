import { strict } from "./blanks";
import { Clock, clockParts, Day, Instant, partsOf } from "./calendar";
import { clockOf, today } from "./dates";
import { Exact, integer, multiply, number, round, whole, written } from "./exact";
import type { Moment } from "./values";

type Numeric = Exact | number;

function parseNumber(text: string): Exact | null {
  const found = text.replace(/^ +| +$/g, "");
  if (found.length > 29 || !/^[+-]?(?:[0-9]{1,3}(?:,[0-9]{3})+|[0-9]+)(?:\.[0-9]{1,12})?$/.test(found)) return null;
  return number(found.replace(/,/g, ""));
}

/** A number after a pattern of 0 # , . % with text around it. */
export function numberAs(value: Exact, pattern: string): string | null {
  const found = /[0#,]+(?:\.[0#]+)?/.exec(pattern);
  if (!found) return pattern || null;
  const [head = "", fraction = ""] = found[0].split(".");
  const scaled = pattern.includes("%") ? multiply(value, whole(100)) : value;
  const places = Math.min(fraction.length, 12);
  const cut = round(scaled, places);
  const [digits = "0", part = ""] = written(new Exact(cut.units < 0n ? -cut.units : cut.units, cut.scale), places).split(".");
  let decimals = part.padEnd(fraction.length, "0");
  while (decimals && fraction[decimals.length - 1] === "#" && decimals.endsWith("0")) decimals = decimals.slice(0, -1);
  let text = digits.padStart([...head].filter((each) => each === "0").length, "0");
  if (head.includes(",")) text = text.replace(/\B(?=(\d{3})+$)/g, ",");
  if (text === "0" && !head.includes("0")) text = "";
  const shown = text + (decimals ? `.${decimals}` : "");
  return pattern.slice(0, found.index) + (cut.units < 0n ? "-" : "") + shown + pattern.slice(found.index + found[0].length) || null;
}

function dateAs(day: Day | null, clock: Clock | null, pattern: string): string | null {
  const date = day ? partsOf(day) : { year: 0, month: 0, day: 0 };
  const time = clock ? clockParts(clock) : { hour: 0, minute: 0, second: 0 };
  const parts: Record<string, [number, number]> = {
    YYYY: [date.year, 4], YY: [date.year % 100, 2], MM: [date.month, 2], M: [date.month, 1], DD: [date.day, 2], D: [date.day, 1],
    HH: [time.hour, 2], H: [time.hour, 1], mm: [time.minute, 2], m: [time.minute, 1], ss: [time.second, 2], s: [time.second, 1],
  };
  return (
    pattern.replace(/YYYY|YY|MM|M|DD|D|HH|H|mm|m|ss|s/g, (piece) => {
      const [value, width] = parts[piece]!;
      return String(value).padStart(width, "0");
    }) || null
  );
}

function asText(m: Moment, value: Numeric | Day | Instant | Clock, pattern: string): string | null {
  if (value instanceof Instant) return dateAs(today(m, value), clockOf(m, value), pattern);
  if (value instanceof Day) return dateAs(value, null, pattern);
  if (value instanceof Clock) return dateAs(null, value, pattern);
  return numberAs(number(value), pattern);
}

const DIGITS = [..."零壹贰叁肆伍陆柒捌玖"];
const PLACES: [number, string][] = [[1000, "仟"], [100, "佰"], [10, "拾"], [1, ""]];
const SECTIONS: [bigint, string][] = [[10n ** 12n, "万亿"], [10n ** 8n, "亿"], [10n ** 4n, "万"], [1n, ""]];

/** Four digits in capitals, zeros inside said once. */
function section(value: number): string {
  let out = "";
  let zero = false;
  for (const [place, unit] of PLACES) {
    const digit = Math.floor(value / place) % 10;
    if (digit) {
      out += (zero && out ? "零" : "") + DIGITS[digit] + unit;
      zero = false;
    } else zero = true;
  }
  return out;
}

/** An amount of money in Chinese capitals, as contracts and receipts need it. */
function capitals(value: Exact): string | null {
  const all = round(value, 2).units;
  const sign = all < 0n ? "负" : "";
  const cents = all < 0n ? -all : all;
  const yuan = cents / 100n;
  const jiao = Number((cents / 10n) % 10n);
  const fen = Number(cents % 10n);
  if (yuan >= 10n ** 16n) return null;
  let out = "";
  let gap = false;
  for (const [place, unit] of SECTIONS) {
    const part = Number((yuan / place) % 10000n);
    if (part) out += (out && (gap || part < 1000) ? "零" : "") + section(part) + unit;
    gap = out !== "" && part % 10 === 0;
  }
  if (out) out += "元";
  if (!jiao && !fen) return `${sign}${out || "零元"}整`;
  if (jiao) out += (out && yuan % 10n === 0n ? "零" : "") + DIGITS[jiao] + "角";
  else if (out) out += "零";
  return sign + out + (fen ? `${DIGITS[fen]}分` : "整");
}

export const conversion = {
  VALUE: strict(parseNumber),
  TEXT: strict(asText),
  FIXED: strict((value: Numeric, places: Numeric = 2) => {
    const count = Math.max(0, Math.min(12, integer(number(places))));
    return numberAs(number(value), `#,##0${count ? `.${"0".repeat(count)}` : ""}`);
  }),
  CNUPPER: strict((value: Numeric) => capitals(number(value))),
};
