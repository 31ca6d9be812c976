import { ArrowDownOutlined, ArrowUpOutlined } from "@ant-design/icons";
import { percent, useSpeech } from "@lowcode/kit";
import type { Result } from "@lowcode/protocol";
import { useRuntime } from "../runtime";
import { at, measuresOf, numberText, shortText } from "./cells";

/** One number that matters, and how it compares with before. */
export function Kpi({ result, drill }: { result: Result; drill?: (row: unknown[]) => void }) {
  const speech = useSpeech();
  const { app } = useRuntime();
  const names = result.chart?.y;
  const column = measuresOf(result).find((each) => !names?.length || each.name === names[0]) ?? measuresOf(result)[0];
  const row = result.rows[0];
  if (!column) return null;
  const index = at(result, column.name);
  const value = (row?.[index] ?? 0) as string | number;
  const before = result.compared?.[index];
  const exact = numberText(column, value, app.currency);
  const words = exact.length > 11 ? shortText(column, value, speech, app.currency) : exact;
  const rest = measuresOf(result).filter((each) => each !== column).slice(0, 2);
  return (
    <div className="lc-kpi">
      {drill && row ? (
        <button type="button" className="lc-kpi-value" title={exact} onClick={() => drill(row)}>
          {words}
        </button>
      ) : (
        <span className="lc-kpi-value" title={exact}>
          {words}
        </span>
      )}
      {before != null && Number(before) !== 0 && <Compared now={Number(value)} before={Number(before)} />}
      {rest.map((each) => (
        <span key={each.name} className="lc-quiet">
          {speech.w(each.title)} {numberText(each, (row?.[at(result, each.name)] ?? 0) as string, app.currency)}
        </span>
      ))}
    </div>
  );
}

function Compared({ now, before }: { now: number; before: number }) {
  const { t } = useSpeech();
  const change = (now - before) / Math.abs(before);
  return (
    <span className={change >= 0 ? "lc-good" : "lc-bad"}>
      {change >= 0 ? <ArrowUpOutlined aria-hidden /> : <ArrowDownOutlined aria-hidden />} {percent(change.toFixed(3), 1)} <span className="lc-quiet">{t("comparedTo")}</span>
    </span>
  );
}
