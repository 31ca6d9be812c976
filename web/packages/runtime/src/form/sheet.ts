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

/** A number as people write it: signs of currencies, commas, full-width digits, parentheses for what is less than nothing. */
export function numberIn(text: string): string | undefined {
  const plain = text.normalize("NFKC").replace(/[\s,¥$€£元]|[A-Z]{3}/g, "");
  const found = /^(\()?([-+]?)(\d*\.?\d+|\d+\.)(%?)(\))?$/.exec(plain);
  if (!found || (found[1] === "(") !== (found[5] === ")")) return undefined;
  const size = `${found[1] || found[2] === "-" ? "-" : ""}${found[3]!.replace(/\.$/, "")}`;
  return found[4] ? shift(size, -2) : size;
}

/** A day, with its time if there is one: 2026-3-5, 2026/03/05, 2026年3月5日 14:30. */
export function dayIn(text: string): { day: string; time: string } | undefined {
  const found = /^(\d{4})[-/.年](\d{1,2})(?:[-/.月](\d{1,2})日?)?(?:[ T]+(\d{1,2}):(\d{2})(?::\d{2})?)?$/.exec(text.normalize("NFKC").trim());
  if (!found) return undefined;
  const [, year, month, day = "1", hour = "0", minute = "00"] = found;
  const made = new Date(Date.UTC(Number(year), Number(month) - 1, Number(day)));
  if (made.getUTCMonth() !== Number(month) - 1 || made.getUTCDate() !== Number(day) || Number(hour) > 23 || Number(minute) > 59) return undefined;
  return { day: made.toISOString().slice(0, 10), time: `${hour.padStart(2, "0")}:${minute}` };
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
  if (field.type === "time") return orWrong(/^([01]?\d|2[0-3]):[0-5]\d/.exec(text)?.[0], (found) => found.padStart(5, "0"));
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
