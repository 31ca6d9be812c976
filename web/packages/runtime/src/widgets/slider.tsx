import { Progress } from "antd";
import type { ShowProps } from "./widget";

interface Range {
  least: number;
  most: number;
  step: number;
}

/** Where the handle of a number may stand; a share goes from none to all. */
export function rangeOf({ field }: Pick<ShowProps, "field">): Range {
  const share = field.type === "percent";
  const least = Number(field.min ?? 0);
  const most = Number(field.max ?? (share ? 1 : 100));
  return { least, most, step: Number(field.step ?? (share ? 0.01 : 1)) };
}

/** How far it is between the least and the most. */
export function ProgressShow({ field, value, format }: ShowProps & { format: (value: number) => string }) {
  const { least, most } = rangeOf({ field });
  const share = most > least ? Math.max(0, Math.min(1, (Number(value) - least) / (most - least))) : 0;
  return <Progress className="lc-slider-bar" percent={Math.round(share * 1000) / 10} size="small" format={() => format(Number(value))} />;
}
