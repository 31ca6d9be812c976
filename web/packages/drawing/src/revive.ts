import { currencySigned, decimal, digits, percent, short } from "@lowcode/kit/format";

type Mark = { data?: unknown; name?: string; value?: unknown };
type Said = { text?: string; said?: string };

interface Format {
  format?: string | null;
  scale?: number | null;
  brief?: boolean;
  sign?: string;
  /** The decimal places of the currency. */
  places?: number;
  chinese?: boolean;
  /** Which of a mark's several numbers is meant. */
  at?: number;
}

/** A number of a column in words; what the drawing calls while it draws. */
export function numberWords(value: unknown, spec: Format): string {
  if (value == null || value === "-") return "—";
  const number = value as number | string;
  if (spec.format === "percent") return spec.brief ? percent(number, 1).replace(/\.0%$/, "%") : percent(number, 1);
  if (spec.format === "money") return currencySigned(spec.brief ? short(number, spec.chinese ?? false) : digits(number, Math.min(spec.places ?? 2, spec.scale ?? 2), spec.scale ?? 2), spec.sign ?? "");
  return spec.brief ? short(number, spec.chinese ?? false) : decimal(number, spec.scale);
}

const escaped = (text: string): string => text.replace(/[&<>"']/g, (sign) => `&#${sign.charCodeAt(0)};`);

const said = (mark: Mark): Said => (typeof mark.data === "object" && mark.data !== null ? (mark.data as Said) : {});

function numberOf(subject: unknown, at: number | undefined): unknown {
  if (typeof subject !== "object" || subject === null) return subject;
  const value = (subject as Mark).value;
  return Array.isArray(value) ? value[at ?? value.length - 1] : value;
}

function day(value: number, from: number): string {
  const found = new Date(from + value);
  return Number.isNaN(found.getTime()) ? "" : found.toISOString().slice(0, 10);
}

/** The functions that a drawing names, by their word. A box beside the pointer is HTML, so its words are escaped. */
const MADE: Record<string, (spec: Record<string, unknown>) => (subject: never) => string> = {
  number: (spec) => (subject: unknown) => numberWords(numberOf(subject, spec.at as number | undefined), spec as Format),
  text: () => (mark: Mark) => escaped(said(mark).text ?? mark.name ?? ""),
  said: () => (mark: Mark) => said(mark).said ?? mark.name ?? "",
  day: (spec) => (value: number) => day(value, spec.from as number),
  names: (spec) => (mark: Mark) => (spec.names as Record<string, string>)[mark.name ?? ""] ?? "",
};

/** An option as it came over the wire, with what it names made into functions. */
export function revive(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(revive);
  if (typeof value !== "object" || value === null) return value;
  const spec = value as Record<string, unknown>;
  const make = typeof spec.$ === "string" ? MADE[spec.$] : undefined;
  if (make) return make(spec);
  return Object.fromEntries(Object.entries(spec).map(([name, each]) => [name, revive(each)]));
}
