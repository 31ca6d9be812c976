import { shift } from "@lowcode/kit/format";
import { instantOf } from "@lowcode/kit/zone";
import { words, type Client, type Field, type Option, type Reference, type Text } from "@lowcode/protocol";
import { counted } from "../widgets/counted";

/** Rows and cells of what a spreadsheet puts on the clipboard; a cell in quotation marks may hold breaks. */
export function cellsOf(text: string): string[][] {
  const rows: string[][] = [[]];
  const part = /\t|\r\n|\n|\r|"(?:[^"]|"")*"(?=[\t\r\n]|$)|[^\t\r\n]+/g;
  let cell = "";
  const end = () => {
    rows.at(-1)!.push(cell.trim());
    cell = "";
  };
  for (const [found] of text.replace(/(\r\n|\n|\r)$/, "").matchAll(part)) {
    if (found === "\t") end();
    else if (/^[\r\n]/.test(found)) {
      end();
      rows.push([]);
    } else cell = found.startsWith('"') && found.endsWith('"') && found.length > 1 ? found.slice(1, -1).replaceAll('""', '"') : found;
  }
  end();
  return rows;
}

/** What a cell means to a field: a value, a name that has to be looked up, or nothing that fits. */
export type Read = { value: unknown } | { named: string } | { wrong: true };

const WRONG: Read = { wrong: true };
const YES = new Set(["是", "√", "✓", "yes", "y", "true", "1", "x"]);
const NO = new Set(["否", "×", "no", "n", "false", "0", "-"]);

const allNames = (title: Text, name: string): string[] => [name, words(title, "zh-CN"), words(title, "en")].map((each) => each.trim().toLowerCase());

function chosen(options: Option[] | undefined, text: string): string | undefined {
  return options?.find((each) => allNames(each.title, each.name).includes(text.trim().toLowerCase()))?.name;
}

/** Powers of ten that have a sign of their own. */
const TENS: Record<string, number> = { "%": -2, 万: 4, 亿: 8 };

const CURRENCIES = new Set(Intl.supportedValuesOf("currency"));

/** Commas stand before three digits each, and before the point: whoever means something else is asked, not guessed at. */
const THOUSANDS = /^[^\d,.]*\d{1,3}(,\d{3})+(?![\d,])[^,]*$/;

/** A number as people write it: signs of currencies, commas, full-width digits, 万 and 亿, parentheses for what is less than nothing. */
export function numberIn(text: string): string | undefined {
  const bare = text.normalize("NFKC").replace(/[\s¥$€£元]/g, "").replace(/(?<![\dA-Z])[A-Z]{3}(?![A-Z])|[A-Z]{3}(?=\)?$)/g, (code) => (CURRENCIES.has(code) ? "" : code));
  if (bare.includes(",") && !THOUSANDS.test(bare)) return undefined;
  const plain = bare.replaceAll(",", "");
  const found = /^(\()?([-+]?)(\d*\.?\d+|\d+\.)([%万亿]?)(\))?$/.exec(plain);
  if (!found || (found[1] === "(") !== (found[5] === ")")) return undefined;
  const size = `${found[1] || found[2] === "-" ? "-" : ""}${found[3]!.replace(/\.$/, "")}`;
  return found[4] ? shift(size, TENS[found[4]]!) : size;
}

const DAY = /^(\d{4})(?:[-/.年](\d{1,2})(?:[-/.月](\d{1,2})日?)?|(\d\d)(\d\d))/;
const WEEKDAY = /^\s*(?:星期|周|礼拜)[一二三四五六日天]/;
const CLOCK = /^\s*(上午|下午|AM|PM)?\s*(\d{1,2}):(\d{2})(?::[0-5]\d)?\s*(AM|PM)?$/i;

/** A time of day as it stands behind a day. Nothing between them is only well where the day ends in a word. */
function clockIn(rest: string, apart: boolean): string | undefined {
  if (rest === "") return "00:00";
  const found = apart || /^\D/.test(rest) ? CLOCK.exec(rest.replace(/^T/, "")) : null;
  if (!found) return undefined;
  const half = (found[1] ?? found[4])?.toUpperCase();
  const late = half === "下午" || half === "PM";
  const hour = Number(found[2]);
  const whole = half === undefined || hour > 12 ? hour : (hour % 12) + (late ? 12 : 0);
  return whole > 23 || Number(found[3]) > 59 ? undefined : `${String(whole).padStart(2, "0")}:${found[3]}`;
}

/** A day, with its time if there is one: 2026-3-5, 20260305, 2026/03/05 下午 2:30, 2026年3月5日星期四 14:30. */
export function dayIn(text: string): { day: string; time: string } | undefined {
  const plain = text.normalize("NFKC").trim();
  const found = DAY.exec(plain);
  if (!found) return undefined;
  const [start, year, beside, of, inner, last] = found;
  const [month = inner, day = last ?? "1"] = [beside, of];
  const named = WEEKDAY.exec(plain.slice(start.length))?.[0] ?? "";
  const time = clockIn(plain.slice(start.length + named.length), named !== "" || start.endsWith("日"));
  if (time === undefined) return undefined;
  const made = new Date(Date.UTC(Number(year), Number(month) - 1, Number(day)));
  if (made.getUTCFullYear() !== Number(year) || made.getUTCMonth() !== Number(month) - 1 || made.getUTCDate() !== Number(day)) return undefined;
  return { day: made.toISOString().slice(0, 10), time };
}

const NUMBERS = new Set(["number", "money", "integer", "rating"]);
const WORDS = new Set(["text", "long_text", "email", "phone", "url", "barcode", "id_card", "markdown", "color"]);
const NAMED = new Set(["link", "member"]);

/** What a cell of a spreadsheet means to a field. */
export function readCell(field: Field, text: string): Read {
  if (text === "") return { value: null };
  if (WORDS.has(field.type)) return { value: text };
  if (NAMED.has(field.type)) return { named: text };
  if (NUMBERS.has(field.type)) return orWrong(numberIn(text), (found) => (field.type === "integer" || field.type === "rating" ? (Number.isInteger(Number(found)) ? Number(found) : undefined) : found));
  if (field.type === "percent") return orWrong(numberIn(text), (found) => (text.includes("%") || text.includes("％") ? found : shift(found, -2)));
  if (field.type === "date") return orWrong(dayIn(text), ({ day }) => day);
  if (field.type === "datetime") return orWrong(dayIn(text), ({ day, time }) => instantOf(`${day}T${time}`));
  if (field.type === "time") return orWrong(clockIn(text.normalize("NFKC").trim(), true), (found) => found);
  if (field.type === "duration") return orWrong(counted(text, String(field.unit ?? "minutes")) ?? undefined, (found) => found);
  if (field.type === "boolean") return YES.has(text.toLowerCase()) ? { value: true } : NO.has(text.toLowerCase()) ? { value: false } : WRONG;
  if (field.type === "select") return orWrong(chosen(field.options, text), (found) => found);
  if (field.type === "multi_select") {
    const names = text.split(/[,，、;；]/).map((each) => chosen(field.options, each));
    return names.every((each) => each !== undefined) ? { value: names } : WRONG;
  }
  return WRONG;
}

function orWrong<Found>(found: Found | undefined, made: (found: Found) => unknown): Read {
  const value = found === undefined ? undefined : made(found);
  return value === undefined ? WRONG : { value };
}

/** The record or person of a name: the one that is called so, or else the only one that is found. */
export async function lookUp(client: Client, field: Field, name: string): Promise<Reference | undefined> {
  const found =
    field.type === "member"
      ? (await client.run<{ items: Reference[] }>("identity.people", { search: name, limit: 5 })).items
      : (await client.list(field.to ?? "", { search: name, where: field.offered, limit: 5 })).items.map((each) => ({ id: each.id, label: each._label }));
  const same = found.filter((each) => each.label.trim().toLowerCase() === name.trim().toLowerCase());
  const one = same.length === 1 ? same[0] : found.length === 1 ? found[0] : undefined;
  return one && { id: one.id, label: one.label };
}
