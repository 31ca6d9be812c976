import { shown } from "../fields";
import { widgetOf } from "./index";
import type { ShowProps, Widget } from "./widget";

export function Calculated({ field, value, dense }: ShowProps) {
  const looks = shown(field);
  const { Show } = widgetOf(looks.type);
  return <Show field={looks} value={value} dense={dense} />;
}

export const formula: Widget = { Show: Calculated, width: 120, least: 100 };
