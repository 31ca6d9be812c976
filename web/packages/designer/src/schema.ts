import { at, isNode, type Json, type Node, type Path } from "./tree";

/** The JSON Schema of what may be written, as far as the designer reads it. */
export interface Schema {
  $ref?: string;
  $defs?: Record<string, Schema>;
  type?: string;
  format?: string;
  title?: string;
  description?: string;
  const?: Json;
  enum?: Json[];
  default?: Json;
  pattern?: string;
  minimum?: number;
  maximum?: number;
  exclusiveMinimum?: number;
  minItems?: number;
  maxItems?: number;
  anyOf?: Schema[];
  oneOf?: Schema[];
  discriminator?: { mapping: Record<string, string> };
  items?: Schema;
  properties?: Record<string, Schema>;
  required?: string[];
  additionalProperties?: boolean | Schema;
}

export type Sort = "expression" | "words" | "choice" | "number" | "boolean" | "color" | "secret" | "name" | "file" | "object" | "list" | "map" | "blocks" | "columns" | "union" | "other";

const COLOR = "^#[0-9a-fA-F]{6}$";

/** A schema with its references followed and `null` taken out: what is left out says the same. */
export function resolved(schema: Schema, root: Schema): Schema {
  let found = schema;
  while (found.$ref) {
    const { $ref, ...own } = found;
    found = { ...(root.$defs?.[$ref.split("/").pop()!] ?? {}), ...own };
  }
  if (!found.anyOf || found.format) return found;
  const meant = found.anyOf.filter((each) => each.type !== "null");
  if (meant.length !== 1) return { ...found, anyOf: meant };
  const { anyOf: _, ...own } = found;
  return resolved({ ...meant[0]!, ...own, description: own.description ?? meant[0]!.description }, root);
}

/** Whether something is the name of a secret, and nothing else. */
export const isSecret = (schema: Schema, root: Schema): boolean => Object.keys(resolved(schema, root).properties ?? {}).join() === "secret";

export function sortOf(schema: Schema, root: Schema): Sort {
  const found = resolved(schema, root);
  if (found.format === "lowcode-expression") return "expression";
  if (found.format === "lowcode-template" || found.format === "lowcode-text") return "words";
  if (found.format === "lowcode-file") return "file";
  if (found.discriminator) return "other";
  if (isSecret(found, root) || (found.anyOf?.some((each) => isSecret(each, root)) && found.anyOf.every((each) => isSecret(each, root) || resolved(each, root).type !== "object"))) return "secret";
  if (found.anyOf) return "union";
  if (found.enum) return "choice";
  if (found.pattern === COLOR) return "color";
  switch (found.type) {
    case "number":
    case "integer":
      return "number";
    case "boolean":
      return "boolean";
    case "string":
      return "name";
    case "array": {
      const inner = resolved(found.items ?? {}, root);
      if (inner.discriminator) return "blocks";
      if (inner.type === "array" && resolved(inner.items ?? {}, root).discriminator) return "columns";
      return "list";
    }
    case "object":
      return found.properties ? "object" : "map";
    default:
      return found.additionalProperties ? "map" : "other";
  }
}

/** The part of an object's options that hold blocks: read of a schema once. */
interface Holding {
  name: string;
  sort: "blocks" | "columns";
}

const known = new WeakMap<Schema, Map<string, { schema: Schema; holding: Holding[] }>>();

function kindOf(root: Schema, type: string): { schema: Schema; holding: Holding[] } | undefined {
  let kinds = known.get(root);
  if (!kinds) known.set(root, (kinds = new Map()));
  const found = kinds.get(type);
  if (found) return found;
  const way = root.properties?.["body"]?.items?.discriminator?.mapping[type];
  if (!way) return undefined;
  const schema = resolved({ $ref: way }, root);
  const holding = Object.entries(schema.properties ?? {}).map(([name, each]) => ({ name, sort: sortOf(each, root) })).filter((each): each is Holding => each.sort === "blocks" || each.sort === "columns");
  const made = { schema, holding };
  kinds.set(type, made);
  return made;
}

/** What a block of a kind may say. */
export const blockSchema = (root: Schema, type: string): Schema | undefined => kindOf(root, type)?.schema;

/** The lists of blocks a block holds, by their way from it. */
export function placesOf(block: Node, root: Schema): { path: Path; name: string }[] {
  const found: { path: Path; name: string }[] = [];
  for (const { name, sort } of kindOf(root, String(block["type"]))?.holding ?? []) {
    const columns = block[name];
    if (sort === "blocks") found.push({ path: [name], name });
    else if (Array.isArray(columns)) columns.forEach((_, index) => found.push({ path: [name, index], name }));
  }
  return found;
}

/** Every zone of a paper: its body, and the headers and footers that are there. */
export function zonesOf(document: Node, root: Schema): { path: Path; name: string; own: boolean }[] {
  const page = resolved(root.properties?.["page"] ?? {}, root);
  const furniture = Object.keys(page.properties ?? {}).filter((name) => sortOf(page.properties![name]!, root) === "blocks");
  const written = document["page"];
  const zone = (name: string) => ({ path: ["page", name], name, own: name !== "header" && name !== "footer" });
  const there = furniture.filter((name) => name === "header" || name === "footer" || (isNode(written) && Array.isArray(written[name])));
  return [...there.filter((name) => name.endsWith("header")).map(zone), { path: ["body"], name: "body", own: false }, ...there.filter((name) => name.endsWith("footer")).map(zone)];
}

/** Headers and footers some pages may have of their own and do not have yet. */
export function zonesToAdd(document: Node, root: Schema): string[] {
  const page = resolved(root.properties?.["page"] ?? {}, root);
  const there = new Set(zonesOf(document, root).map((each) => each.name));
  return Object.keys(page.properties ?? {}).filter((name) => sortOf(page.properties![name]!, root) === "blocks" && !there.has(name));
}

/** Every block in the order of the paper, each with its way. */
export function blocksOf(document: Node, root: Schema): Path[] {
  const found: Path[] = [];
  const walk = (list: Path) => {
    const blocks = at(document, list);
    if (!Array.isArray(blocks)) return;
    blocks.forEach((block, index) => {
      if (!isNode(block)) return;
      const own = [...list, index];
      found.push(own);
      for (const { path } of placesOf(block, root)) walk([...own, ...path]);
    });
  };
  for (const { path } of zonesOf(document, root)) walk(path);
  return found;
}

/** The innermost block a place of the document lies in; null for the document itself. */
export function blockAt(path: Path, blocks: Path[]): Path | null {
  let found: Path | null = null;
  for (const each of blocks) if (each.length <= path.length && each.every((step, place) => step === path[place]) && (!found || each.length > found.length)) found = each;
  return found;
}

const OF_THE_RECORD = new Set(["rows", "totals", "pages", "empty", "minimum", "when"]);

/** The rows that what is said at a place speaks of; null where it speaks of the record. */
export function rowsAt(document: Node, path: Path): string | null {
  let rows: string | null = null;
  for (let depth = 0; depth < path.length; depth++) {
    const node = at(document, path.slice(0, depth));
    if (!isNode(node) || typeof node["rows"] !== "string" || node["rows"] === "") continue;
    const ofColumn = path[depth] === "columns" && path[path.length - 1] === "when" && path.length === depth + 3;
    if (!OF_THE_RECORD.has(String(path[depth])) && !ofColumn) rows = node["rows"];
  }
  return rows;
}

/** The least that a schema takes. */
export function blank(schema: Schema, root: Schema): Json {
  const found = resolved(schema, root);
  if (found.const !== undefined) return found.const;
  switch (sortOf(found, root)) {
    case "words":
    case "file":
    case "expression":
      return "";
    case "secret":
      return found.anyOf ? "" : { secret: "" };
    case "union":
      return blank(found.anyOf![0]!, root);
    case "choice":
      return found.enum![0]!;
    case "number":
      return found.minimum ?? (found.exclusiveMinimum !== undefined ? found.exclusiveMinimum + 1 : 0);
    case "boolean":
      return false;
    case "color":
      return "#1d2430";
    case "object":
      if (found.properties?.["days"] && found.properties["hours"]) return { days: 1 };
      return Object.fromEntries((found.required ?? []).map((name) => [name, blank(found.properties![name]!, root)]));
    case "list":
      return Array.from({ length: found.minItems ?? 0 }, () => blank(found.items ?? {}, root));
    case "blocks":
    case "columns":
      return [];
    case "map":
      return {};
    default:
      return "";
  }
}
