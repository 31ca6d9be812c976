import { decimal, useSpeech } from "@lowcode/kit";
import { ProgressShow } from "./slider";
import type { ShowProps, Widget } from "./widget";

export function DecimalShow({ field, value }: ShowProps) {
  const { w } = useSpeech();
  const unit = w(field.unit);
  if (field.widget === "progress") return <ProgressShow field={field} value={value} format={(each) => decimal(String(each), null)} />;
  return (
    <span className="lc-number">
      {field.result ? decimal(value as string, field.scale) : plainest(value as string, field.scale)}
      {unit && <span className="lc-unit"> {unit}</span>}
    </span>
  );
}

/** Without the zeros that say nothing: 16 rather than 16.00. */
const plainest = (value: string, scale: number | undefined): string => decimal(value, scale).replace(/(\.\d*?)0+$/, "$1").replace(/\.$/, "");

export const number: Widget = { Show: DecimalShow, align: "right", width: 110, least: 90 };
