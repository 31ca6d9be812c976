import { useSpeech } from "@lowcode/kit";
import type { Chart, Result } from "@lowcode/protocol";
import { useEffect, useMemo, useRef } from "react";
import { useRuntime } from "../runtime";
import { draw } from "./drawing";
import { chartOn } from "./echarts";

/** A chart that is drawn to the size of its tile; a click on a mark asks for its records. */
export default function ChartView({ result, chart, title, drill }: { result: Result; chart: Chart; title: string; drill?: (row: unknown[]) => void }) {
  const speech = useSpeech();
  const { app } = useRuntime();
  const place = useRef<HTMLDivElement>(null);
  const drawn = useMemo(() => draw(result, chart, speech, app.currency), [result, chart, speech, app.currency]);
  const latest = useRef(drill);
  latest.current = drill;
  useEffect(() => {
    const element = place.current;
    if (!element) return;
    const instance = chartOn(element);
    instance.setOption({ animationDuration: window.matchMedia("(prefers-reduced-motion: reduce)").matches ? 0 : 400, ...drawn.option });
    instance.on("click", (params) => {
      const row = drawn.rowOf(params as { dataIndex: number; seriesIndex?: number });
      if (row) latest.current?.(row);
    });
    const watch = new ResizeObserver(() => instance.resize());
    watch.observe(element);
    return () => {
      watch.disconnect();
      instance.dispose();
    };
  }, [drawn]);
  return <div ref={place} className="lc-chart" role="img" aria-label={speech.t("chartOf", { name: title })} title={drill ? speech.t("drillHint") : undefined} />;
}
