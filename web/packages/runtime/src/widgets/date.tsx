import { date as formatted } from "@lowcode/kit";
import type { ShowProps, Widget } from "./widget";

const SHOWN = { day: 10, month: 7, year: 4 };

/** A day, or from one to another. */
function DateShow({ field, value, beside }: ShowProps) {
  const day = (each: unknown) => formatted(each as string).slice(0, SHOWN[field.precision ?? "day"]);
  return (
    <span className="lc-number">
      {day(value)}
      {field.until && beside ? ` ～ ${day(beside)}` : ""}
    </span>
  );
}

export const date: Widget = { Show: DateShow, width: 120, least: 104 };
