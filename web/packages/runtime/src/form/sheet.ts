import { shift } from "@lowcode/kit/format";
import { instantOf, inZone } from "@lowcode/kit/zone";
import { words, type Client, type Field, type Option, type Reference, type Text } from "@lowcode/protocol";
import { counted } from "../widgets/counted";
import { answerIn, clockIn, momentIn, numberIn, type Said, type Unclear } from "./spoken";

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

/** What a cell means to a field: a value, a name that has to be looked up, one of two things, or nothing that fits. */
export type Read = { value: unknown } | { named: string } | Unclear | { wrong: true };

const WRONG: Read = { wrong: true };
const allNames = (title: Text, name: string): string[] => [name, words(title, "zh-CN"), words(title, "en")].map((each) => each.trim().toLowerCase());

function chosen(options: Option[] | undefined, text: string): string | undefined {
  return options?.find((each) => allNames(each.title, each.name).includes(text.trim().toLowerCase()))?.name;
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
  if (field.type === "date") return orWrong(firstOf(field, text) ?? momentIn(text, today())?.day, (day) => day);
  if (field.type === "datetime") return orWrong(instantIn(text), (found) => instantOf(found));
  if (field.type === "time") return orWrong(clockIn(text), (found) => found);
  if (field.type === "duration") return orWrong(counted(text, String(field.unit ?? "minutes")) ?? undefined, (found) => found);
  if (field.type === "boolean") return orWrong(answerIn(text), (found) => found);
  if (field.type === "select") return orWrong(chosen(field.options, text), (found) => found);
  if (field.type === "multi_select") {
    const names = text.split(/[,，、;；]/).map((each) => chosen(field.options, each));
    return names.every((each) => each !== undefined) ? { value: names } : WRONG;
  }
  return WRONG;
}

const today = (): string => inZone().format("YYYY-MM-DD");

/** A month or a year alone is a day where no more is kept. */
function firstOf({ precision = "day" }: Field, text: string): string | undefined {
  const found = /^(\d{4})(?:[-/.年](\d{1,2})月?|年)?$/.exec(text.normalize("NFKC").trim());
  const month = Number(found?.[2] ?? 1);
  if (!found || precision === "day" || (precision === "month" && !found[2]) || month < 1 || month > 12) return undefined;
  return `${found[1]}-${String(month).padStart(2, "0")}-01`;
}

/** A day and its time on the clock of the application; midnight where none is said. */
function instantIn(text: string): Said {
  const { day, time = "00:00" } = momentIn(text, today()) ?? {};
  if (day === undefined || typeof day !== "string") return day;
  return typeof time === "string" ? `${day}T${time}` : { either: [`${day} ${time.either[0]}`, `${day} ${time.either[1]}`] };
}

function orWrong<Found extends string | boolean>(found: Found | Unclear | undefined, made: (found: Found) => unknown): Read {
  if (typeof found === "object") return found;
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
