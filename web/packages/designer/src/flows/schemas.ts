import { resolved, type Schema } from "../schema";

/** What a kind of step may say. */
export const schemaOf = (root: Schema, type: string): Schema | undefined => {
  const way = root.properties?.["nodes"]?.items?.discriminator?.mapping[type];
  return way ? resolved({ $ref: way }, root) : undefined;
};

/** Some of what may be said, in this order. */
export const picked = (schema: Schema, names: string[]): Schema => ({ ...schema, properties: Object.fromEntries(names.filter((name) => schema.properties?.[name]).map((name) => [name, schema.properties![name]!])) });
