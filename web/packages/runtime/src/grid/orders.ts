import type { Field } from "@lowcode/protocol";

const UNSORTED = ["lines", "attachment", "image", "json", "links", "members", "departments", "multi_select", "tags"];

export const sortable = (field: Field): boolean => field.sort !== false && !field.hidden && !UNSORTED.includes(field.type);

/** An order as it is written: `-amount,name`. */
export const keysOf = (sort: string): { name: string; down: boolean }[] =>
  sort.split(",").filter(Boolean).map((each) => ({ name: each.replace(/^-/, ""), down: each.startsWith("-") }));
