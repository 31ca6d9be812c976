import type { Application, Field, Form, View } from "@lowcode/protocol";
import { fieldOf } from "../fields";

export interface Lane {
  name: string;
  title: Field["title"];
  color?: string;
}

/** The lane of the records in which nothing was chosen. */
export const BLANK = "";

/** The lanes of a board: the states or options of its field, in their order, and before them one for the records that
 * have none, or they would be nowhere. */
export function lanesOf(field: Field | undefined): Lane[] {
  const lanes = (field?.states ?? field?.options ?? []).map(({ name, title, color }) => ({ name, title, color }));
  return field?.states || field?.required ? lanes : [{ name: BLANK, title: "" }, ...lanes];
}

/** Where a card may go: anywhere for an option, along the transitions for a state. */
export function mayMove(field: Field, from: string, to: string): boolean {
  if (from === to || field.read_only) return false;
  if (field.type !== "state") return true;
  return (field.transitions ?? []).some((each) => each.to === to && (each.from === null || each.from.includes(from)));
}

export const cardFields = (view: View, label: string | null | undefined): string[] => (view.card ?? []).filter((name) => name !== label && name !== view.by);

/** The field whose colour marks the cards; none where it is kept from whoever looks. */
export const colorField = (app: Application, form: Form, view: View): Field | undefined => (view.color ? fieldOf(app, form, view.color) : undefined);

/** What the records of a lane have in common. */
export const whereOf = (field: Field, lane: string): string => (lane === BLANK ? `${field.name} is blank` : `${field.name} = "${lane}"`);

/** What is asked about the cards of a lane, by their ids: it is asked again when they are others. */
const OF_CARDS = new Set(["fixed", "standing"]);

/** Whether something that was read for a board stands in other lanes than those that a card went between, or is asked
 * about cards. What other pages show of the form (its table as a whole, its groups) is not. */
export function elsewhere(form: string, field: Field, lanes: string[], [what, of, asked]: readonly unknown[]): boolean {
  if (what !== "records" || of !== form) return false;
  if (typeof asked === "string") return OF_CARDS.has(asked);
  const { where } = (asked ?? {}) as { where?: string };
  return where !== undefined && !lanes.some((lane) => where === whereOf(field, lane) || where.startsWith(`${whereOf(field, lane)} and `));
}
