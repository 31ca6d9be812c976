import { Badge, useSpeech } from "@lowcode/kit";
import type { ShowProps, Widget } from "./widget";

export function State({ field, value }: Pick<ShowProps, "field" | "value">) {
  const { w } = useSpeech();
  const found = field.states?.find((each) => each.name === value);
  return <Badge color={found?.color ?? (found?.won ? "green" : "grey")}>{found ? w(found.title) || found.name : String(value)}</Badge>;
}

export const state: Widget = { Show: State, width: 104, least: 72 };
