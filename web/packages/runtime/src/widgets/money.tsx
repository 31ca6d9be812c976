import { library, number } from "@lowcode/expressions";
import { money as formatted } from "@lowcode/kit";
import { useRuntime } from "../runtime";
import type { ShowProps, Widget } from "./widget";

/** An amount in words, as contracts need it: 壹佰元整. */
export function capitals(value: unknown): string {
  const write = library.CNUPPER as (value: unknown) => string | null;
  return (value == null || value === "" ? null : write(number(String(value)))) ?? "";
}

function Money({ field, value, beside, dense }: ShowProps) {
  const { app } = useRuntime();
  const currency = typeof beside === "string" ? beside : (field.currency ?? app.currency);
  return (
    <span className="lc-number">
      {formatted(value as string, currency, field.scale ?? 2)}
      {field.widget === "capitals" && !dense && <div className="lc-hint">{capitals(value)}</div>}
    </span>
  );
}

export const money: Widget = { Show: Money, align: "right", width: 130 };
