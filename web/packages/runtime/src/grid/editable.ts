import type { Field, Form, StoredRecord } from "@lowcode/protocol";
import { calculated } from "../fields";
import type { Column } from "./columns";

/** What is too large for a cell, or moves by other means than typing. */
const ELSEWHERE = new Set(["lines", "attachment", "image", "location", "json", "rich_text", "barcode", "links", "link_any", "secret", "password", "address"]);
/** Chosen by one press: there is nothing more to say, so the choice is saved at once. */
const AT_ONCE = new Set(["select", "link", "member", "department", "date", "boolean", "rating", "color", "icon", "role", "currency"]);

/** What opens beside a cell and still belongs to it. */
export const POPUPS = ".ant-select-dropdown, .ant-picker-dropdown, .ant-popover, .ant-dropdown, .ant-color-picker, .ant-modal-root, .ant-drawer";

/** Why a cell cannot be typed into in its place. */
export type Refusal = "calculated" | "far" | "fixed" | "state" | "elsewhere" | "veiled" | "denied" | "closed";

/** What holds for a whole column, whichever the record. */
export function refusalOf(form: Form, { field, name }: Pick<Column, "field" | "name">): Refusal | null {
  if (form.permissions["edit"] !== true) return "denied";
  if (name.includes(".")) return "far";
  if (calculated(field) || field.type === "completeness") return "calculated";
  if (field.type === "state") return "state";
  if (field.veiled) return "veiled";
  if (field.read_only || (field.system && field.name !== "owner")) return "fixed";
  if (field.until || ELSEWHERE.has(field.type)) return "elsewhere";
  return null;
}

/** What holds for one record, as the server says it. */
export function refusedFor(record: StoredRecord, name: string): Refusal | null {
  if (record._meta?.closed && !record._meta.closed.but.includes(name)) return "closed";
  if (record._meta?.can?.edit === false) return "denied";
  return record._meta?.read_only?.includes(name) ? "fixed" : null;
}

export const savesAtOnce = (field: Field): boolean => AT_ONCE.has(field.type) && !(field.type === "select" && field.widget === "buttons");
