import { percent as formatted } from "@lowcode/kit";
import { ProgressShow } from "./slider";
import type { ShowProps, Widget } from "./widget";

function Percent({ field, value }: ShowProps) {
  if (field.widget === "progress") return <ProgressShow field={field} value={value} format={(each) => formatted(String(each))} />;
  return <span className="lc-number">{formatted(value as string)}</span>;
}

export const percent: Widget = { Show: Percent, align: "right", width: 90, least: 76 };
