import { ExportOutlined } from "@ant-design/icons";
import { link, useNarrow, useSpeech } from "@lowcode/kit";
import { useRuntime } from "@lowcode/runtime";
import { Dragging } from "@lowcode/runtime/dragging";
import { Button, Dropdown, Segmented } from "antd";
import { useMemo, useState } from "react";
import { Options } from "../controls";
import { DesignContext, useDesign, type Design, type Offers, type Palette } from "../design";
import { picked } from "../flows/schemas";
import { offersOf } from "../offers";
import type { Begun } from "../opened";
import { AboutRule, Wrong, type RulePalette } from "../rules/about";
import { insert, isNode, move, pointerOf, put, type Json, type Path } from "../tree";
import { Head, useKeys, useWork } from "../work";
import { ChartOptions, Charts } from "./charts";
import { Fields } from "./fields";
import { FunnelOptions } from "./funnel";
import { Gone } from "./gone";
import { usePutting } from "./putting";
import { dimensionsOf, measuresOf, nameOf } from "./report";
import { ResultOf } from "./result";
import { useSaid } from "./said";
import { Settings } from "./settings";
import { Subjects, useReporting, type Looked, type ReportPalette } from "./subject";
import { Wells } from "./wells";

const NO_OFFERS: Offers = { own: [], linked: [], rows: [] };
const APART: ReadonlySet<string> = new Set(["type", "$schema", "format", "name"]);

/** The desk of a report, a dataset or a funnel: the fields, the wells they are put into, and what comes of it. */
export function ReportDesk(begun: Begun<ReportPalette>) {
  const { name, path, base, palette, reopen } = begun;
  const work = useWork<Looked>(path, base, begun.begun, "reports.check", true);
  return (
    <Subjects palette={palette} looked={work.looked} checked={work.checked === "checked"}>
      <Desk key={name} {...begun} work={work} reopen={reopen} />
    </Subjects>
  );
}

function Desk({ name, path, palette, reopen, work }: Begun<ReportPalette> & { work: ReturnType<typeof useWork<Looked>> }) {
  const { app } = useRuntime();
  const { w, locale } = useSpeech();
  const { document, chosen, act, findings } = work;
  const type = String(document["type"]);
  const dataset = palette.datasets.find((each) => each.name === document["dataset"]);
  const form = typeof document["form"] === "string" ? document["form"] : (dataset?.form ?? "");
  const offers = useMemo<Offers>(() => (app.forms[form] ? offersOf(form, app.forms) : NO_OFFERS), [form, app]);
  const rules = useMemo<RulePalette>(() => ({ ...palette, schema: {}, kinds: [], triggers: [], analysers: [], events: [] }), [palette]);
  const known = useMemo<Palette>(() => {
    const roles = palette.roles.map((value) => ({ value, title: app.roles?.find((each) => each.name === value)?.title ?? value }));
    return { ...palette, schema: palette.schemas[type] ?? {}, kinds: [], variables: [], pictures: [], reports: [], outputs: [], people: [], names: { roles } };
  }, [palette, type, app]);
  const keys = useKeys(act, ".lc-report-desk", () => undefined);
  const changed = (way: Path, value: Json | undefined, what = pointerOf(way)) => act({ type: "change", document: way.length === 0 && isNode(value) ? value : put(document, way, value), what });
  const design: Design = {
    name, document, palette: known, offers, findings, blocks: [], chosen, language: locale, languages: palette.languages, apart: APART,
    choose: (way) => act({ type: "choose", chosen: way }),
    change: (way, value) => changed(way, value),
    drop: (way) => changed(way, undefined, ""),
    add: (list, index, item) => act({ type: "change", document: insert(document, list, index, item), what: "" }),
    shift: (from, list, index) => {
      const moved = index >= 0 ? move(document, from, list, index) : null;
      if (moved) act({ type: "change", document: moved.whole, what: "" });
    },
    upload: () => Promise.reject(new Error("a report has no pictures")),
  };
  const blocks = [...dimensionsOf(document).map((_, place): Path => ["dimensions", place]), ...measuresOf(document).map((_, place): Path => ["measures", place])];
  return (
    <DesignContext value={design}>
      <AboutRule palette={rules} about={form} event={false}>
        <div className="lc-designer lc-report-designer" onKeyDown={keys}>
          <Head work={work} title={w(document["title"] as string) || name} back={{ place: "reports/design", words: "designReports" }} blocks={blocks} reopen={reopen} extra={<Onward drafted={work.drafted} type={type} name={name} />} />
          <Inside path={path} form={form} type={type} />
        </div>
      </AboutRule>
    </DesignContext>
  );
}

/** Where a report that is published goes: it is looked at, and put on a board or into the menu. */
function Onward({ drafted, type, name }: { drafted: boolean; type: string; name: string }) {
  const { app } = useRuntime();
  const { t, w } = useSpeech();
  const narrow = useNarrow();
  if (drafted) return null;
  const show = { key: "show", label: <a href={link([type === "dataset" ? "explore" : "report", name])}>{t(type === "dataset" ? "explore" : "reportShow")}</a> };
  const boards = Object.entries(app.dashboards ?? {}).map(([board, { title }]) => ({ key: `board ${board}`, label: <a href={link(["boards", "design", board], { report: name })}>{w(title) || board}</a> }));
  const onto = type === "dataset" ? [] : [...(boards.length > 0 ? [{ key: "boards", type: "group" as const, label: t("reportOntoBoard"), children: boards }] : []), { key: "menu", label: <a href={link(["app"])}>{t("reportIntoMenu")}</a> }];
  return (
    <Dropdown autoFocus trigger={["click"]} menu={{ className: "lc-ruled-menu", items: [show, ...onto] }}>
      <Button icon={<ExportOutlined />} aria-label={t("reportOnward")} title={narrow ? t("reportOnward") : undefined}>{narrow ? null : t("reportOnward")}</Button>
    </Dropdown>
  );
}

type Side = "fields" | "report" | "result";

/** Below the head: everything beside one another, on a phone one after the other. */
function Inside({ path, form, type }: { path: string; form: string; type: string }) {
  const narrow = useNarrow();
  const { t } = useSpeech();
  const [side, setSide] = useState<Side>("report");
  const shown = (each: Side) => !narrow || side === each;
  const { document, palette, chosen, choose, named, dataset, putting } = useInside(form);
  return (
    <DesignContext value={named}>
      {narrow && <Segmented block className="lc-report-sides" aria-label={t("reportSides")} value={side} options={[...(type === "funnel" ? [] : [{ value: "fields" as const, label: t("reportFields") }]), { value: "report" as const, label: t("reportBuild") }, { value: "result" as const, label: t("reportResult") }]} onChange={setSide} />}
      <Dragging onMove={putting.dropped}>
        <div className={`lc-report-desk lc-report-desk-${type}`}>
          {type !== "funnel" && shown("fields") && <aside className="lc-report-left" aria-label={t("reportFields")}><Fields form={form} dataset={dataset} putting={narrow ? { ...putting, press: (what) => (putting.press(what), setSide("report")) } : putting} /></aside>}
          {shown("report") && (
            <div className="lc-report-middle" onClick={(event) => event.target === event.currentTarget && chosen && choose(null)}>
              <Wrong path={[]} />
              {type !== "funnel" && <Gone form={form} />}
              {type === "funnel" ? <FunnelOptions form={form} /> : <Wells form={form} dataset={dataset} putting={putting} chart={type === "report"} />}
              {type === "report" && (
                <section className="lc-report-drawing" aria-label={t("reportChart")}>
                  <h2>{t("reportChart")}</h2>
                  <Charts />
                  {document["chart"] !== undefined && <ChartOptions />}
                </section>
              )}
              <Settings form={form} dataset={dataset} />
              <section className="lc-report-about">
                <Options schema={picked(palette.schema, ["title"])} path={[]} />
                <p className="lc-quiet"><code>{path}</code></p>
              </section>
            </div>
          )}
          {shown("result") && <ResultOf />}
        </div>
      </Dragging>
    </DesignContext>
  );
}

/** What is designed with: the names that options of charts and measures choose among are those of the report's columns. */
function useInside(form: string) {
  const design = useDesign();
  const { palette: reports } = useReporting();
  const { document, palette, chosen, choose } = design;
  const said = useSaid();
  const columns = (list: Json[]) => list.map((each) => ({ value: nameOf(each), title: said.column(nameOf(each)) }));
  const [groups, numbers] = [columns(dimensionsOf(document)), columns(measuresOf(document))];
  const names = { ...palette.names, x: groups, age: groups, along: groups, within: groups, across: groups, y: numbers, lines: numbers, target_measure: numbers, start: numbers, end: numbers, measure: numbers };
  const named: Design = { ...design, palette: { ...palette, names } };
  const putting = usePutting(form, (next, opened) => {
    design.change([], next);
    choose(opened ?? null);
  });
  return { document, palette, chosen, choose, named, dataset: reports.datasets.find((each) => each.name === document["dataset"]), putting };
}
