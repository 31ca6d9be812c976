import { Exact, fromJson, shortest, toJson, written } from "@lowcode/expressions";
import { isReference, type Field, type Values } from "@lowcode/protocol";
import { shown } from "../fields";

const KINDS: Record<string, string> = { number: "number", integer: "number", money: "number", percent: "number", rating: "number", duration: "number", date: "date", datetime: "datetime", time: "time" };

/** How things that expressions know by id are called, as far as the page has seen them. */
const labels = new Map<string, string>();
const keyOf = (field: Field, id: number): string => `${field.type === "member" ? "user" : field.type === "department" ? "department" : (field.to ?? "user")}/${id}`;

export function remember(field: Pick<Field, "type" | "to">, id: number, label: string): void {
  labels.set(keyOf(field as Field, id), label);
}

/** A value as read from the server to a value of the expression language. */
export function enter(field: Field | { type: string }, value: unknown): unknown {
  const looks = shown(field as Field);
  if (value === undefined || value === null || value === "") return null;
  if (looks.type === "link_any") return typeof value === "object" ? `${(value as { form: string }).form}/${(value as { id: number }).id}` : value;
  if (isReference(value)) {
    remember(looks, value.id, value.label);
    return value.id;
  }
  if (Array.isArray(value)) return value.length === 0 ? null : value.every(isReference) ? value.map((each) => each.id) : value;
  try {
    return fromJson(value, KINDS[looks.type] ?? "text");
  } catch {
    return null;
  }
}

/** And back. */
export function leave(field: Field, value: unknown): unknown {
  const looks = shown(field);
  if (value instanceof Exact) {
    if (looks.type === "integer" || looks.type === "rating") return Number(shortest(value));
    return looks.scale === undefined || looks.scale === null ? shortest(value) : written(value, looks.scale);
  }
  if (typeof value === "number" && ["link", "member", "department"].includes(looks.type)) return { id: value, label: labels.get(keyOf(looks, value)) ?? `#${value}` };
  return toJson(value);
}

/** A record that refuses to be asked for what it does not hold, so that nothing is worked out from half of the facts. */
export function strictRecord(record: Values): Values {
  return new Proxy(record, {
    get(target, name) {
      if (typeof name === "string" && !(name in target)) throw new ReferenceError(name);
      return target[name as string];
    },
  });
}
