import type { Field, View } from "@lowcode/protocol";

export interface Lane {
  name: string;
  title: Field["title"];
  color?: string;
}

/** The lanes of a board: the states or options of its field, in their order. */
export function lanesOf(field: Field | undefined): Lane[] {
  return (field?.states ?? field?.options ?? []).map(({ name, title, color }) => ({ name, title, color }));
}

/** Where a card may go: anywhere for an option, along the transitions for a state. */
export function mayMove(field: Field, from: string, to: string): boolean {
  if (from === to || field.read_only) return false;
  if (field.type !== "state") return true;
  return (field.transitions ?? []).some((each) => each.to === to && (each.from === null || each.from.includes(from)));
}

export const cardFields = (view: View, label: string | null | undefined): string[] => (view.card ?? []).filter((name) => name !== label && name !== view.by);
