import type { InputProps } from "../widget";
import { State } from "../state";

/** A state moves by its transitions, never by typing: the form shows where it stands. */
export const StateInput = ({ field, value }: InputProps) => (
  <span className="lc-standing">
    <State field={field} value={value ?? field.initial} />
  </span>
);
