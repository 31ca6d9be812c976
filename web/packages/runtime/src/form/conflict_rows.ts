import { isReference } from "@lowcode/protocol";

/** A value without what only the page or the table knows of it: keys of rows, their places. */
export function bare(value: unknown): unknown {
  if (isReference(value)) return value.id;
  if (!Array.isArray(value)) return value ?? null;
  return value.map((each: unknown) =>
    typeof each === "object" && each !== null && !isReference(each)
      ? Object.fromEntries(Object.entries(each).filter(([name]) => !["_key", "id", "position"].includes(name)).map(([name, inner]) => [name, bare(inner)]))
      : bare(each),
  );
}
