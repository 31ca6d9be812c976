import dayjs from "dayjs";
import { inZone } from "./zone";

/** Exact: a decimal text never becomes a binary number; half away from zero. */
export function decimal(value: string | number, scale: number | null | undefined, grouped = true): string {
  const found = /^(-?)(\d*)(?:\.(\d*))?$/.exec(plain(value));
  if (!found) return String(value);
  const [, sign = "", whole = "0", part = ""] = found;
  const places = scale ?? part.length;
  let digits = BigInt((whole || "0") + part.padEnd(places, "0").slice(0, places));
  if (part.length > places && part.charCodeAt(places) >= 53) digits += 1n;
  const text = digits.toString().padStart(places + 1, "0");
  const head = text.slice(0, text.length - places);
  const tail = places > 0 ? `.${text.slice(text.length - places)}` : "";
  const shown = grouped ? head.replace(/\B(?=(\d{3})+$)/g, ",") : head;
  return `${digits === 0n ? "" : sign}${shown}${tail}`;
}

function plain(value: string | number): string {
  const text = String(value);
  return /e/i.test(text) ? Number(text).toFixed(12) : text;
}

/** Moves the point of a decimal text: `shift("0.125", 2)` is `"12.5"`. */
export function shift(value: string | number, places: number): string {
  const found = /^(-?)(\d*)(?:\.(\d*))?$/.exec(plain(value));
  if (!found) return String(value);
  const [, sign = "", whole = "", part = ""] = found;
  const digits = (whole + part).padStart(whole.length + part.length, "0");
  let point = whole.length + places;
  let all = digits;
  if (point < 0) {
    all = "0".repeat(-point) + all;
    point = 0;
  }
  all = all.padEnd(point, "0");
  const head = all.slice(0, point).replace(/^0+(?=\d)/, "") || "0";
  const tail = all.slice(point).replace(/0+$/, "");
  return `${sign}${head}${tail ? `.${tail}` : ""}`;
}

const SIGNS: Record<string, string> = { CNY: "¥", USD: "$", EUR: "€", GBP: "£", JPY: "JP¥", HKD: "HK$", TWD: "NT$" };

export const currencySign = (currency: string | undefined): string => (currency ? (SIGNS[currency] ?? `${currency} `) : "");

/** How many decimals amounts in a currency have at most: yen have none. */
export function placesIn(currency: string | undefined, most: number): number {
  try {
    return currency ? Math.min(most, new Intl.NumberFormat("en", { style: "currency", currency }).resolvedOptions().maximumFractionDigits ?? most) : most;
  } catch {
    return most; // a currency that nobody but the firm knows
  }
}

export function money(value: string | number, currency: string | undefined, scale: number | null = 2): string {
  return currencySigned(scale === null ? decimal(value, null) : digits(value, placesIn(currency, scale), scale), currencySign(currency));
}

/** The digits of an amount: all places of its currency, and more where it has more to say: 1,200.00 and 0.0125. */
export function digits(value: string | number, least: number, most: number): string {
  const text = decimal(value, Math.max(least, most));
  const [whole = "", part = ""] = text.split(".");
  const kept = part.slice(0, least) + part.slice(least).replace(/0+$/, "");
  return kept ? `${whole}.${kept}` : whole;
}

/** The sign of a currency before an amount, after its minus. */
export const currencySigned = (text: string, sign: string): string => (text.startsWith("-") ? `-${sign}${text.slice(1)}` : sign + text);

export function percent(value: string | number, scale?: number | null): string {
  const moved = shift(value, 2);
  const part = moved.split(".")[1]?.length ?? 0;
  return `${decimal(moved, scale ?? Math.min(part, 1))}%`;
}

/** A large amount in few characters: 12.3 万, 1.2M. */
export function short(value: string | number, chinese: boolean): string {
  const number = Number(value);
  const size = Math.abs(number);
  const steps: [number, string][] = chinese ? [[1e8, "亿"], [1e4, "万"]] : [[1e9, "B"], [1e6, "M"], [1e4, "K"]];
  for (const [limit, mark] of steps)
    if (size >= limit) {
      const unit = mark === "K" ? 1e3 : limit;
      return `${(number / unit).toFixed(size / unit >= 100 ? 0 : 1).replace(/\.0$/, "")}${chinese ? " " : ""}${mark}`;
    }
  return decimal(value, Number.isInteger(number) ? 0 : 2);
}

export const date = (value: string): string => value.slice(0, 10);

export const instant = (value: string, seconds = false): string => inZone(value).format(seconds ? "YYYY-MM-DD HH:mm:ss" : "YYYY-MM-DD HH:mm");

/** When it was, as people say it. */
export function ago(value: string, chinese: boolean, now: number = Date.now()): string {
  const minutes = Math.round((now - new Date(value).getTime()) / 60000);
  const future = minutes < 0;
  const size = Math.abs(minutes);
  if (size < 1) return chinese ? "刚刚" : "just now";
  const day = inZone(value).startOf("day").diff(inZone(now).startOf("day"), "day");
  const clock = inZone(value).format("HH:mm");
  if (size < 60) return chinese ? `${size} 分钟${future ? "后" : "前"}` : future ? `in ${size} min` : `${size} min ago`;
  if (day === 0) return chinese ? `今天 ${clock}` : `today ${clock}`;
  if (day === -1) return chinese ? `昨天 ${clock}` : `yesterday ${clock}`;
  if (day === 1) return chinese ? `明天 ${clock}` : `tomorrow ${clock}`;
  if (day > -7 && day < 7) return chinese ? `${Math.abs(day)} 天${future ? "后" : "前"}` : future ? `in ${day} days` : `${-day} days ago`;
  return inZone(value).year() === inZone(now).year() && chinese ? inZone(value).format("M月D日 HH:mm") : instant(value);
}

export function bytes(size: number): string {
  const units = ["B", "KB", "MB", "GB"];
  let value = size;
  let unit = 0;
  while (value >= 1024 && unit < units.length - 1) {
    value /= 1024;
    unit += 1;
  }
  return `${unit === 0 ? value : value.toFixed(1)} ${units[unit]}`;
}

/** The name of a period that begins on a day. */
export function grain(value: string, size: string, chinese: boolean): string {
  const day = dayjs(value);
  if (!day.isValid()) return value;
  const quarter = Math.floor(day.month() / 3) + 1;
  switch (size) {
    case "year":
      return chinese ? `${day.year()}年` : String(day.year());
    case "quarter":
      return chinese ? `${day.year()}年${quarter}季度` : `Q${quarter} ${day.year()}`;
    case "month":
      return chinese ? `${day.year()}年${day.month() + 1}月` : day.format("MMM YYYY");
    case "week":
      return chinese ? `${day.format("M月D日")}周` : `wk ${day.format("D MMM")}`;
    default:
      return day.format("YYYY-MM-DD");
  }
}
