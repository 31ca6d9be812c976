import { atNight, chartOn, fitted, MissingOutlines, ready, revive, UnknownSeries, type ECharts } from "@lowcode/drawing";
import { Failure, FONT, Nothing, still, useDark, useSpeech } from "@lowcode/kit";
import type { Drawing, Key } from "@lowcode/protocol";
import { useEffect, useRef, useState, type ReactNode } from "react";

/** What a mark stands for: a row of the result, or values of some of its dimensions. */
export interface Pressed {
  row?: number;
  key?: Key;
}

interface ChartProps {
  drawing: Drawing;
  title: string;
  press?: (mark: Pressed) => void;
  /** What is shown where the page draws no such series. */
  instead: ReactNode;
}

/** A chart that is drawn to the size of its tile; a press on a mark asks for its records. */
export default function ChartView({ drawing, title, press, instead }: ChartProps) {
  const { t } = useSpeech();
  const dark = useDark();
  const place = useRef<HTMLDivElement>(null);
  const latest = useRef(press);
  const [error, setError] = useState<unknown>(null);
  latest.current = press;
  useEffect(() => {
    const element = place.current;
    if (!element) return;
    let instance: ECharts | undefined;
    let gone = false;
    let drawn = 0;
    const draw = () => {
      const width = element.clientWidth;
      if (width === 0 || element.clientHeight === 0) return;
      const begun = instance !== undefined;
      if (width !== drawn) {
        instance ??= chartOn(element, FONT, dark);
        const option = fitted(revive(dark ? atNight(drawing.option) : drawing.option) as Record<string, unknown>, width);
        instance.setOption({ animation: !begun && !still(), animationDuration: 400, ...option });
        drawn = width;
      }
      if (begun) return instance?.resize();
      if (!instance) return;
      instance.on("click", (params) => {
        const mark = params.data as Pressed | undefined;
        if (mark && (mark.row !== undefined || mark.key)) latest.current?.(mark);
      });
    };
    const watch = new ResizeObserver(draw);
    setError(null);
    ready(drawing).then(
      () => !gone && watch.observe(element),
      (failed: unknown) => !gone && setError(failed),
    );
    return () => {
      gone = true;
      watch.disconnect();
      instance?.dispose();
    };
  }, [drawing, dark]);
  if (error instanceof UnknownSeries) return instead;
  if (error instanceof MissingOutlines) return <div role="alert"><Nothing small title={t("notShown")} hint={t("outlinesMissing")} /></div>;
  if (error) return <Failure error={error} />;
  return <div ref={place} className="lc-chart" role="img" aria-label={t("chartOf", { name: title })} title={press ? t("drillHint") : undefined} />;
}
