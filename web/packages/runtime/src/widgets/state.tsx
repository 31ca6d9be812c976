import { Badge, useSpeech } from "@lowcode/kit";
import type { InputProps, ShowProps, Widget } from "./widget";

export function State({ field, value }: Pick<ShowProps, "field" | "value">) {
  const { w } = useSpeech();
  const found = field.states?.find((each) => each.name === value);
  return <Badge color={found?.color ?? (found?.won ? "green" : "grey")}>{found ? w(found.title) || found.name : String(value)}</Badge>;
}

/** A state moves by its transitions, never by typing: the form shows where it stands. */
const StateInput = ({ field, value }: InputProps) => (
  <span className="lc-standing">
    <State field={field} value={value ?? field.initial} />
  </span>
);

export const state: Widget = { Input: StateInput, Show: State, width: 104 };
