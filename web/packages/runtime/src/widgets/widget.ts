import type { Field } from "@lowcode/protocol";
import type { ComponentType } from "react";

export interface InputProps {
  field: Field;
  /** As read from the server; a link is `{id, label}`. */
  value: unknown;
  onChange: (value: unknown) => void;
  /** Puts one more into a list, whatever came into it since this was shown. */
  append?: (value: unknown) => void;
  /** The value of the field this one names beside it: an amount's currency. */
  beside?: unknown;
  id?: string;
  /** What a reader of the screen hears where no label stands beside it. */
  label?: string;
  disabled?: boolean;
  invalid?: boolean;
  /** In a row of a table. */
  dense?: boolean;
  narrow?: boolean;
}

export interface ShowProps {
  field: Field;
  value: unknown;
  beside?: unknown;
  /** The record it stands in, where it can be asked for more. */
  source?: { form: string; id: number; row?: number; way?: string };
  /** One line, in a table or on a card. */
  dense?: boolean;
}

/** How a field type is shown; how it is entered stands in `inputs`. */
export interface Widget {
  Show: ComponentType<ShowProps>;
  align?: "right" | "center";
  /** Width of its column. */
  width: number;
  /** How narrow that may be made where not all columns fit; left out: as it is. */
  least?: number;
  /** Takes a whole row of a section. */
  wide?: boolean;
}

export const status = (invalid: boolean | undefined): "error" | undefined => (invalid ? "error" : undefined);
