import { instant } from "@lowcode/kit";
import type { ShowProps, Widget } from "./widget";

/** A moment, or from one to another: the day is said once where both lie on it. */
function DatetimeShow({ field, value, beside }: ShowProps) {
  const from = instant(value as string);
  const until = field.until && beside ? instant(beside as string) : "";
  const [day = "", time = ""] = until.split(" ");
  return (
    <span className="lc-number">
      {from}
      {until && ` ～ ${from.startsWith(`${day} `) ? time : until}`}
    </span>
  );
}

export const datetime: Widget = { Show: DatetimeShow, width: 150, least: 132 };
