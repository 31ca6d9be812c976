import { CloseOutlined } from "@ant-design/icons";
import { Failure, go, link, Sketch, useClose, useNarrow, useSpeech } from "@lowcode/kit";
import type { Dashboard, Key, Result, Tile } from "@lowcode/protocol";
import { useQuery } from "@tanstack/react-query";
import { Button } from "antd";
import { lazy, Suspense, useEffect, useRef, useState } from "react";
import { useRuntime } from "../runtime";
import { Waits } from "../tasks/waits";
import { Actions } from "./actions";
import { cellOf, cellText, dimensionsOf, sent } from "./cells";
import { Filters } from "./filters";
import { Behind } from "./behind";
import { useDescent } from "./descent";
import { PeriodOf } from "./period";
import { closer, inOrder, leftOver, type Place } from "./places";
import { drawSoon, Shown } from "./result";
import { kindOf, TileView } from "./tile";

const Editor = lazy(() => import("./editor"));

interface Cross {
  report: string;
  key: Key;
  label: string;
}

/** Reports on a grid of twelve columns. */
export default function DashboardPage({ name }: { name: string }) {
  const { client, app } = useRuntime();
  const speech = useSpeech();
  const { t, w, locale } = speech;
  const narrow = useNarrow();
  const close = useClose();
  const [values, setValues] = useState<Record<string, unknown>>({});
  const [crossing, setCrossing] = useState(false);
  const [cross, setCross] = useState<Cross | null>(null);
  const [editing, setEditing] = useState(false);
  const [full, screen, setFull] = useFullScreen();
  const filters = sent(values);
  const asked = { dashboard: name, filters, ...(cross && { cross: { report: cross.report, key: cross.key } }) };
  const query = useQuery({ queryKey: ["records", "dashboard", locale, asked], queryFn: () => client.run<Dashboard>("reports.dashboard", asked), placeholderData: (before) => before });
  useEffect(drawSoon, []);
  const tiles = inOrder(query.data?.tiles ?? []);
  const single = leftOver(tiles, (tile) => kindOf(tile) === "kpi");
  const places = close ? closer(tiles, (tile) => ["kpi", "heading"].includes(kindOf(tile))) : tiles;
  const own = /^\d+$/.test(name);
  const title = w(query.data?.title ?? app.dashboards?.[name]?.title);
  if (query.error && !title) return <Failure page error={query.error} retry={() => void query.refetch()} />;
  const press = ({ report, result }: Tile) => {
    if (!crossing || !result || report === undefined) return undefined;
    return (key: Key) => setCross(cross?.report === report && JSON.stringify(cross.key) === JSON.stringify(key) ? null : { report, key, label: labelOf(result, key) });
  };
  const labelOf = (result: Result, key: Key) =>
    dimensionsOf(result)
      .filter((column) => column.name in key)
      .map((column) => cellText(column, cellOf(result, column.name, key[column.name]), speech, app.currency))
      .join(" · ");
  return (
    <div className={full ? "lc-page lc-cockpit" : "lc-page"} ref={screen}>
      <header className="lc-head">
        <div className="lc-head-title">
          <h1>{title}</h1>
          <span className="lc-grow" />
          {query.data?.filters && query.data.filters.length > 0 && !editing && <Filters filters={query.data.filters} values={values} change={setValues} />}
          {query.data && !editing && (
            <Actions
              board={query.data}
              own={own}
              filters={filters}
              crossing={crossing}
              cross={() => {
                setCrossing(!crossing);
                setCross(null);
              }}
              full={full}
              show={() => setFull(!full)}
              edit={() => setEditing(true)}
            />
          )}
        </div>
        {cross && (
          <div className="lc-crossed">
            <Button size="small" icon={<CloseOutlined />} iconPlacement="end" onClick={() => setCross(null)} aria-label={t("clearCross", { name: cross.label })}>
              {cross.label}
            </Button>
          </div>
        )}
      </header>
      {app.home?.dashboard === name && !full && !editing && <Waits />}
      {query.error ? (
        <Failure error={query.error} retry={() => void query.refetch()} />
      ) : !query.data ? (
        <Sketch rows={10} />
      ) : editing ? (
        <Suspense fallback={<Sketch rows={10} />}>
          <Editor
            board={query.data}
            id={own ? Number(name) : undefined}
            done={(id) => {
              setEditing(false);
              if (id !== undefined && String(id) !== name) go(link(["dashboard", id]));
              else void query.refetch();
            }}
          />
        </Suspense>
      ) : (
        <div
          className={narrow ? "lc-tiles lc-tiles-narrow" : "lc-tiles"}
          aria-busy={query.isFetching}
          style={full && !narrow ? { gridAutoRows: `calc((100vh - 110px) / ${Math.max(1, ...places.map((each) => each.y + each.h))} - 14px)` } : undefined}
        >
          {tiles.map((tile, index) => (
            <div
              key={`${tile.report ?? kindOf(tile)}${index}`}
              className={`lc-tile-place lc-tile-place-${kindOf(tile)}${single.has(tile) ? " lc-tile-place-single" : ""}${cross && tile.crossed === false && tile.report !== cross.report ? " lc-aside" : ""}`}
              style={narrow ? undefined : placeOf(places[index]!)}
            >
              <TileView tile={tile} filters={filters} pressed={press(tile)} />
            </div>
          ))}
        </div>
      )}
    </div>
  );
}

const placeOf = ({ x, y, w, h }: Place) => ({ gridColumn: `${x + 1} / span ${w}`, gridRow: `${y + 1} / span ${h}` });

/** The board alone on the whole screen. */
function useFullScreen() {
  const place = useRef<HTMLDivElement>(null);
  const [full, setFull] = useState(false);
  useEffect(() => {
    const listen = () => setFull(document.fullscreenElement !== null && document.fullscreenElement === place.current);
    document.addEventListener("fullscreenchange", listen);
    return () => document.removeEventListener("fullscreenchange", listen);
  }, []);
  const set = (next: boolean) => {
    if (next) void place.current?.requestFullscreen?.();
    else if (document.fullscreenElement) void document.exitFullscreen();
  };
  return [full, place, set] as const;
}

/** One report on a page of its own. */
export function ReportPage({ name }: { name: string }) {
  const { client, app, session } = useRuntime();
  const { t, w, locale } = useSpeech();
  const query = useQuery({ queryKey: ["records", "report", locale, name], queryFn: () => client.run<Result>("reports.run", { report: name }) });
  const title = w(query.data?.title ?? app.reports?.[name]?.title);
  if (query.error && !title) return <Failure page error={query.error} retry={() => void query.refetch()} />;
  return (
    <div className="lc-page">
      <header className="lc-head">
        <div className="lc-head-title">
          <h1>{title}</h1>
          <PeriodOf result={query.data} />
          <span className="lc-grow" />
          {query.data && dimensionsOf(query.data).length > 1 && <Button href={link(["explore", name])}>{t("explore")}</Button>}
          {session.actor.administrator === true && <Button href={link(["reports", "design", name])}>{t("reportChange")}</Button>}
        </div>
      </header>
      {query.error ? (
        <Failure error={query.error} retry={() => void query.refetch()} />
      ) : !query.data ? (
        <Sketch rows={8} />
      ) : (
        <Report top={query.data} />
      )}
    </div>
  );
}

/** Its chart and its rows, which go down the levels of a hierarchy together; under a single figure, which leaves room, the
 * records behind it. */
function Report({ top }: { top: Result }) {
  const { result, path, down, trail, instead } = useDescent(top, undefined);
  const { chart, drawing } = result;
  const figure = chart?.type === "kpi";
  return (
    <>
      <div className={figure ? "lc-sheet lc-report lc-report-figure" : "lc-sheet lc-report"}>
        {trail}
        {instead || (
          <>
            {drawing && chart?.type !== "table" && (
              <div className={drawing.pivot || figure ? undefined : "lc-report-chart"}>
                <Shown result={result} path={path} down={down} />
              </div>
            )}
            {(figure ? dimensionsOf(result).length > 0 : !drawing?.pivot) && <Shown result={result} path={path} down={down} asTable />}
          </>
        )}
      </div>
      {figure && <Behind result={top} />}
    </>
  );
}
