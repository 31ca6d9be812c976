import { ArrowDownOutlined, ArrowUpOutlined } from "@ant-design/icons";
import { percent, useSpeech } from "@lowcode/kit";
import type { Column, Result } from "@lowcode/protocol";
import { useRuntime } from "../runtime";
import { at, measuresOf, numberText } from "./cells";
import type { View } from "./view";

/** One number that matters, what it should be, how it compares with before, and how it came there. */
export function Kpi({ result, drawing, press }: View) {
  const speech = useSpeech();
  const { app } = useRuntime();
  const kpi = drawing.kpi;
  if (!kpi) return null;
  const words = kpi.value.length > 11 ? kpi.brief : kpi.value;
  const row = result.rows[kpi.row ?? -1];
  const rest = row ? beside(result, kpi.measure) : [];
  return (
    <div className="lc-kpi">
      {press ? (
        <button type="button" className="lc-kpi-value" title={kpi.value} onClick={() => press({ key: {} })}>
          {words}
        </button>
      ) : (
        <span className="lc-kpi-value" title={kpi.value}>
          {words}
        </span>
      )}
      {kpi.change !== undefined && <Compared change={kpi.change} better={kpi.better ?? true} to={result.compare ?? "previous"} days={result.compared_period} />}
      {kpi.target !== undefined && <Target target={kpi.target} share={kpi.share ?? 0} />}
      {rest.map((each) => (
        <span key={each.name} className="lc-quiet">
          {speech.w(each.title)} {numberText(each, (row?.[at(result, each.name)] ?? 0) as string, app.currency)}
        </span>
      ))}
      {kpi.trend && <Trend points={kpi.trend} />}
    </div>
  );
}

/** What stands beside it: the measures its report names after it, else the first ones. */
function beside(result: Result, measure: string): Column[] {
  const others = measuresOf(result).filter((each) => each.name !== measure && each.name !== result.chart?.["target_measure"]);
  const named = (result.chart?.y ?? []).flatMap((name) => others.filter((each) => each.name === name));
  return named.length > 0 ? named : others.slice(0, 2);
}

/** A period that goes on is held against as many days of another: the last of them is said. */
function Compared({ change, better, to, days }: { change: number; better: boolean; to: NonNullable<Result["compare"]>; days: Result["compared_period"] }) {
  const { t } = useSpeech();
  const words = days?.part ? t(`compared_${to}_part`, { day: days.to }) : t(`compared_${to}`);
  return (
    <span className={better ? "lc-good" : "lc-bad"}>
      {change >= 0 ? <ArrowUpOutlined aria-hidden /> : <ArrowDownOutlined aria-hidden />} {percent(change.toFixed(3), 1)}{" "}
      <span className="lc-quiet" title={days && `${days.from} – ${days.to}`}>
        {words}
      </span>
    </span>
  );
}

function Target({ target, share }: { target: string; share: number }) {
  const { t } = useSpeech();
  return (
    <span className="lc-kpi-target">
      <span className="lc-quiet">
        {t("target")} {target} · {percent(share.toFixed(3), 0)}
      </span>
      <span className="lc-share" aria-hidden="true">
        <span style={{ width: `${Math.min(Math.max(share, 0), 1) * 100}%` }} />
      </span>
    </span>
  );
}

function Trend({ points }: { points: number[] }) {
  const low = Math.min(...points);
  const span = Math.max(...points) - low || 1;
  const path = points.map((value, index) => `${(index / (points.length - 1)) * 100},${22 - ((value - low) / span) * 20}`).join(" ");
  return (
    <svg className="lc-trend" viewBox="0 0 100 24" preserveAspectRatio="none" aria-hidden="true">
      <polyline points={path} fill="none" vectorEffect="non-scaling-stroke" />
    </svg>
  );
}

export const isKpi = (result: Result): boolean => result.chart?.type === "kpi";
