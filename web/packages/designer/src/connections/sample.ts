import type { Offer } from "../design";
import type { Schema } from "../schema";
import { isNode, type Json, type Node } from "../tree";

const DEPTH = 6;
const TEXTS: Record<string, string> = { email: "li.ming@example.com", date: "2026-03-02", "date-time": "2026-03-02T09:30:00+08:00", uri: "https://www.example.com", time: "09:30:00" };

/** What texts look like that are called so. */
const NAMED: Record<string, string> = { name: "Li Ming", company: "Example Ltd", phone: "13800000000", mobile: "13800000000", email: "li.ming@example.com", city: "Shanghai", title: "Manager" };

/** What is kept as a sample of a payload; without one, something that looks like what its schema wants. */
export function sampleOf(schema: Node): Node {
  const kept = schema["examples"];
  if (Array.isArray(kept) && isNode(kept[0])) return kept[0];
  const made = likeness(schema as Schema & { examples?: Json[] }, DEPTH);
  return isNode(made) ? made : {};
}

function likeness(schema: Schema & { examples?: Json[]; minLength?: number; maxLength?: number }, depth: number, called = ""): Json {
  if (schema.examples?.length) return schema.examples[0]!;
  if (schema.const !== undefined) return schema.const;
  if (schema.default !== undefined) return schema.default;
  if (schema.enum?.length) return schema.enum[0]!;
  switch (Array.isArray(schema.type) ? (schema.type as string[]).find((each) => each !== "null") : schema.type) {
    case "object":
      return depth === 0 ? {} : Object.fromEntries(Object.entries(schema.properties ?? {}).filter(([name, each]) => each.pattern === undefined || schema.required?.includes(name)).map(([name, each]) => [name, likeness(each, depth - 1, name)]));
    case "array":
      return depth === 0 ? [] : [likeness(schema.items ?? {}, depth - 1)];
    case "integer":
    case "number":
      return schema.minimum ?? 1;
    case "boolean":
      return true;
    default:
      return TEXTS[schema.format ?? ""] ?? (NAMED[called] ?? "text").padEnd(Math.min(schema.minLength ?? 0, 100), "x").slice(0, schema.maxLength);
  }
}

/** The parts of what is sent that an expression may name. */
export function partsOf(schema: Json | undefined, before = "payload", depth = DEPTH): Offer[] {
  const properties = isNode(schema) && isNode(schema["properties"]) ? schema["properties"] : {};
  return Object.entries(properties).flatMap(([name, each]) => {
    const path = `${before}.${name}`;
    const inner = depth > 0 && isNode(each) && each["type"] === "object" ? partsOf(each, path, depth - 1) : [];
    return inner.length > 0 ? inner : [{ path, title: isNode(each) && typeof each["title"] === "string" ? each["title"] : name, type: isNode(each) && typeof each["type"] === "string" ? each["type"] : "" }];
  });
}

/** A text as the object it is; null for what is none. */
export function objectOf(text: string): Node | null {
  try {
    const found = JSON.parse(text) as Json;
    return isNode(found) ? found : null;
  } catch {
    return null;
  }
}
