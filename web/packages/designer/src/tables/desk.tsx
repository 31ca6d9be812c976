import { useNarrow, useSpeech } from "@lowcode/kit";
import type { Field } from "@lowcode/protocol";
import { useRuntime } from "@lowcode/runtime";
import type { MenuProps } from "antd";
import { useMemo, useState } from "react";
import { DesignContext, type Design, type Finding, type Offers, type Palette } from "../design";
import { at, insert, move, pointerOf, put, remove, type Json, type Node, type Path } from "../tree";
import { Head, useKeys, useWork } from "../work";
import { Cases } from "./cases";
import { addColumn, areaOf, columnsOf, freeName, pathAt, placeOf, rowsOf, type Place } from "./cells";
import { TableFiles } from "./files";
import { TableGrid } from "./grid";
import { askable, CASES, useChoices, type Looked } from "./known";
import { TableCards } from "./phone";
import { columnAt, TableSide } from "./side";
import type { Tried } from "./trying";

interface Props {
  name: string;
  path: string;
  base: string;
  begun: Node;
  palette: Palette;
  reopen: () => void;
}

/** What a column that answers is, by the type of the field it answers for. */
const ANSWERS: Record<string, string> = { number: "number", integer: "number", money: "number", percent: "number", rating: "number", boolean: "boolean", date: "date", select: "choice", state: "choice", member: "user" };

/** The desk: the sheet, what is chosen beside it, and below which cases are open; on a phone row by row. */
export function Desk({ name, path, base, begun, palette, reopen }: Props) {
  const { app } = useRuntime();
  const { t, w, locale } = useSpeech();
  const narrow = useNarrow();
  // A table that was not changed is looked at, too: its open cases and the kinds of its columns are of use.
  const work = useWork<Looked & { findings: Finding[] }>(path, base, begun, "rules.check_table", true);
  const { document, chosen, act, looked } = work;
  const [from, setFrom] = useState<Place | null>(null);
  const [tried, setTried] = useState<Tried | null>(null);
  const findings = useMemo<Finding[]>(() => [...work.findings, ...(looked?.findings ?? []).filter((each) => each.severity === "warning")], [work.findings, looked]);
  const columns = useMemo(() => columnsOf(document), [document]);
  const known = looked && looked.inputs.length > 0 ? looked : undefined;
  const choices = useChoices(document, looked, palette.people);
  const active = chosen ? placeOf(document, columns, chosen) : null;
  const area = active && areaOf(from ?? active, active);
  const form = app.forms[String(document["form"] ?? "")];
  const offers = useMemo<Offers>(() => {
    const offer = (field: Field, before = "") => ({ path: `${before}${field.name}`, title: field.title ?? field.name, type: field.type });
    const fields = askable(form?.fields);
    const linked = fields.filter((each) => each.type === "link").map((each) => ({ ...offer(each), items: askable(app.forms[String(each.to)]?.fields).map((one) => offer(one, `${each.name}.`)) }));
    return { own: fields.map((each) => offer(each)), linked, rows: [] };
  }, [form, app]);

  const choose = (way: Path | null) => act({ type: "choose", chosen: way });
  const changed = (next: Node, way?: Path | null, what = "") => act({ type: "change", document: next, what, ...(way === undefined ? {} : { chosen: way }) });
  const blocks = useMemo<Path[]>(() => [...columns.flatMap((each) => (each.side === "note" ? [] : [each.path])), ...rowsOf(document).flatMap((_, row): Path[] => [["rules", row], ...columns.map((_each, column) => pathAt(document, columns, { row, column }))])], [document, columns]);
  const keys = useKeys(act, ".lc-table-grid", () => undefined);
  const design: Design = {
    name, document, palette, offers, findings, blocks, chosen: chosen && (active !== null || at(document, chosen) !== undefined) ? chosen : null, language: locale, languages: palette.languages,
    choose,
    change: (way, value: Json | undefined) => changed(put(document, way, value), undefined, pointerOf(way)),
    add: (list, index, block) => changed(insert(document, list, index, block)),
    shift: (way, list, index) => changed(move(document, way, list, index)?.whole ?? document),
    drop: (way) => changed(remove(document, way), null),
    upload: () => Promise.reject(new Error("a table has no pictures")),
  };

  const added = (what: "inputs" | "outputs", column: Node) => {
    const found = addColumn(document, what, { ...column, name: freeName(document, what, String(column["name"])) });
    setFrom(null);
    changed(found.document, found.path);
  };
  const menu = (other: string, begin: () => void, make: (field: Field) => void): MenuProps => ({
    className: "lc-table-fields",
    items: [...askable(form?.fields).map((each) => ({ key: each.name, label: <>{w(each.title) || each.name} <code className="lc-quiet">{each.name}</code></>, onClick: () => make(each) })), { key: "=", label: other, onClick: begin }],
  });
  const inputs = menu(t("tableOtherValue"), () => added("inputs", { name: "input", expression: form?.fields[0]?.name ?? "TODAY()" }), (field) => added("inputs", { name: field.name, expression: field.name, title: (field.title ?? "") as Json }));
  const outputs = menu(t("tableOtherAnswer"), () => added("outputs", { name: "output", type: "text" }), (field) => added("outputs", { name: field.name, type: ANSWERS[field.type] ?? "text", title: (field.title ?? "") as Json }));

  const sided = { columns, choices, active, change: (next: Node, way: Path | null) => changed(next, way, way ? pointerOf(way) : ""), tried: setTried };
  const hits = new Set(tried?.rows ?? []);
  const cases = <Cases document={document} choices={choices} go={(row) => (setFrom({ row, column: 0 }), choose(pathAt(document, columns, { row, column: 0 })))} />;
  return (
    <DesignContext value={design}>
      <CASES value={known}>
        <div className={`lc-designer lc-table-designer${narrow ? " lc-table-phone" : ""}`} onKeyDown={keys}>
          <Head work={work} title={w(document["title"] as string) || name} back={{ place: "tables", words: "designTables" }} blocks={blocks} reopen={reopen} extra={<TableFiles name={name} document={document} read={(next) => changed(next, null)} />} />
          {narrow ? <TableCards {...sided} hits={hits} addInput={inputs} addOutput={outputs} cases={cases} replace={changed} /> : (
            <div className="lc-design-desk lc-table-desk">
              <div className="lc-table-main">
                <TableGrid
                  document={document} columns={columns} choices={choices} findings={findings} area={area} active={active} hits={hits} chosen={active ? null : columnAt(document, chosen)}
                  select={(place, begin) => (setFrom(begin ?? place), choose(pathAt(document, columns, place)))}
                  chooseColumn={(column) => (setFrom(null), choose(columns[column]!.path))}
                  change={(next, place, begin) => (place && setFrom(begin ?? place), changed(next, place ? pathAt(next, columnsOf(next), place) : undefined))}
                  addInput={inputs} addOutput={outputs}
                />
                {cases}
              </div>
              <aside className="lc-design-right"><TableSide {...sided} /></aside>
            </div>
          )}
        </div>
      </CASES>
    </DesignContext>
  );
}
