import { EllipsisOutlined } from "@ant-design/icons";
import { brief, useSpeech } from "@lowcode/kit";
import type { Field } from "@lowcode/protocol";
import { useRuntime } from "@lowcode/runtime";
import { keepPreviousData, useQuery } from "@tanstack/react-query";
import { App, Button, Dropdown, type MenuProps } from "antd";
import { useMemo, useRef, useState } from "react";
import { DesignContext, type Design, type Finding, type Offers, type Palette } from "../design";
import { at, insert, pointerOf, put, remove, same, type Json, type Node, type Path } from "../tree";
import { Head, useKeys, useWork } from "../work";
import { Cases } from "./cases";
import { addColumn, columnsOf, freeName, pathAt, placeOf, rowsOf, type Place } from "./cells";
import { areaBetween, TableGrid } from "./grid";
import { CASES, useChoices, type Looked } from "./known";
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
const NOT_ASKED = ["attachment", "image", "lines", "json", "password", "secret"];

/** The desk: the sheet, what is chosen beside it, and below which cases are open. */
export function Desk({ name, path, base, begun, palette, reopen }: Props) {
  const { client, app } = useRuntime();
  const speech = useSpeech();
  const { t, w, locale } = speech;
  const { message } = App.useApp();
  const work = useWork(path, base, begun, "rules.check_table");
  const { document, chosen, act } = work;
  const [from, setFrom] = useState<Place | null>(null);
  const chooser = useRef<HTMLInputElement>(null);
  const [tried, setTried] = useState<Tried | null>(null);
  // A table that was not changed is looked at, too: its open cases and the kinds of its columns are of use.
  const standing = useQuery({ queryKey: ["design-check", path, work.settled], queryFn: ({ signal }) => client.run<Looked & { findings: Finding[] }>("rules.check_table", { document: work.settled }, { signal }), placeholderData: keepPreviousData, gcTime: 30_000, staleTime: Infinity, retry: false });
  const looked = standing.data;
  const findings = useMemo<Finding[]>(() => [...work.findings, ...(looked?.findings ?? []).filter((each) => each.severity === "warning")], [work.findings, looked]);
  const columns = useMemo(() => columnsOf(document), [document]);
  const known = looked && looked.inputs.length > 0 ? looked : undefined;
  const choices = useChoices(document, looked);
  const active = chosen ? placeOf(document, columns, chosen) : null;
  const area = areaBetween(from ?? active, active);
  const form = app.forms[String(document["form"] ?? "")];
  const offers = useMemo<Offers>(() => {
    const offer = (field: Field, before = "") => ({ path: `${before}${field.name}`, title: field.title ?? field.name, type: field.type });
    const fields = (form?.fields ?? []).filter((each) => !NOT_ASKED.includes(each.type));
    const linked = fields.filter((each) => each.type === "link").map((each) => ({ ...offer(each), items: (app.forms[String(each.to)]?.fields ?? []).filter((one) => !NOT_ASKED.includes(one.type)).map((one) => offer(one, `${each.name}.`)) }));
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
    shift: (way, list, index) => {
      const items = at(document, list);
      const place = way[way.length - 1] as number;
      if (!Array.isArray(items) || !same(way.slice(0, -1), list)) return;
      const rest = items.filter((_, each) => each !== place);
      rest.splice(index > place ? index - 1 : index, 0, items[place]!);
      changed(put(document, list, rest));
    },
    drop: (way) => changed(remove(document, way), null),
    upload: () => Promise.reject(new Error("a table has no pictures")),
  };

  const added = (what: "inputs" | "outputs", column: Node) => {
    const found = addColumn(document, what, { ...column, name: freeName(document, what, String(column["name"])) });
    setFrom(null);
    changed(found.document, found.path);
  };
  const fieldItems = (make: (field: Field) => void): MenuProps["items"] => (form?.fields ?? []).filter((each) => !NOT_ASKED.includes(each.type)).map((each) => ({ key: each.name, label: <>{w(each.title) || each.name} <code className="lc-quiet">{each.name}</code></>, onClick: () => make(each) }));
  const inputs: MenuProps = { className: "lc-table-fields", items: [...(fieldItems((field) => added("inputs", { name: field.name, expression: field.name, title: (field.title ?? "") as Json })) ?? []), { key: "=", label: t("tableOtherValue"), onClick: () => added("inputs", { name: "input", expression: form?.fields[0]?.name ?? "TODAY()" }) }] };
  const outputs: MenuProps = { className: "lc-table-fields", items: [...(fieldItems((field) => added("outputs", { name: field.name, type: ANSWERS[field.type] ?? "text", title: (field.title ?? "") as Json })) ?? []), { key: "=", label: t("tableOtherAnswer"), onClick: () => added("outputs", { name: "output", type: "text" }) }] };

  const failed = (error: unknown) => void message.error(brief(error, speech));
  const save = async (format: "xlsx" | "dmn") => {
    try {
      const file = await client.run<{ name: string; content: string }>("rules.write_table", { table: name, document, format });
      const address = URL.createObjectURL(new Blob([Uint8Array.from(atob(file.content), (sign) => sign.charCodeAt(0))]));
      Object.assign(window.document.createElement("a"), { href: address, download: file.name }).click();
      URL.revokeObjectURL(address);
    } catch (error) {
      failed(error);
    }
  };
  const open = async (file: File) => {
    try {
      const content = await new Promise<string>((resolve, reject) => {
        const reader = new FileReader();
        reader.onload = () => resolve(String(reader.result).split(",", 2)[1] ?? "");
        reader.onerror = () => reject(reader.error ?? new Error(file.name));
        reader.readAsDataURL(file);
      });
      const found = await client.run<Node>("rules.read_table", { content, format: /\.(dmn|xml)$/i.test(file.name) ? "dmn" : "xlsx" });
      // The file is the table from here on; only what it is called and about stays where the file does not say it.
      const own = Object.fromEntries(["title", "help", "form"].flatMap((key) => (document[key] === undefined ? [] : [[key, document[key]]])));
      changed({ ...own, ...found, name: document["name"]!, type: "table" }, null);
      void message.success(t("tableRead", { count: rowsOf(found).length }));
    } catch (error) {
      failed(error);
    }
  };
  const files = (
    <Dropdown
      autoFocus trigger={["click"]}
      menu={{ items: [
        { key: "xlsx", label: t("tableToXlsx"), onClick: () => void save("xlsx") },
        { key: "dmn", label: t("tableToDmn"), onClick: () => void save("dmn") },
        { key: "read", label: t("tableFromFile"), onClick: () => chooser.current?.click() },
      ] }}
    >
      <Button icon={<EllipsisOutlined />} aria-label={t("tableFiles")} title={t("tableFiles")} />
    </Dropdown>
  );
  const fileInput = (
    <input ref={chooser} type="file" hidden accept=".xlsx,.dmn,.xml" onChange={(event) => { const file = event.target.files?.[0]; event.target.value = ""; if (file) void open(file); }} />
  );
  const title = w(document["title"] as string) || name;
  return (
    <DesignContext value={design}>
      <CASES value={known}>
        <div className="lc-designer lc-table-designer" onKeyDown={keys}>
          <Head work={work} title={title} back={{ place: "tables", words: "designTables" }} blocks={blocks} reopen={reopen} extra={<>{files}{fileInput}</>} />
          <div className="lc-design-desk lc-table-desk">
            <div className="lc-table-main">
              <TableGrid
                document={document} columns={columns} choices={choices} findings={findings} area={area} active={active} hits={new Set(tried?.rows ?? [])} chosen={active ? null : columnAt(document, chosen)}
                select={(place, begin) => (setFrom(begin ?? place), choose(pathAt(document, columns, place)))}
                chooseColumn={(column) => (setFrom(null), choose(columns[column]!.path))}
                change={(next, place, begin) => (place && setFrom(begin ?? place), changed(next, place ? pathAt(next, columnsOf(next), place) : undefined))}
                addInput={inputs} addOutput={outputs}
              />
              <Cases document={document} choices={choices} go={(row) => (setFrom({ row, column: 0 }), choose(pathAt(document, columns, { row, column: 0 })))} />
            </div>
            <aside className="lc-design-right"><TableSide columns={columns} choices={choices} active={active} change={(next, way) => changed(next, way, way ? pointerOf(way) : "")} tried={setTried} /></aside>
          </div>
        </div>
      </CASES>
    </DesignContext>
  );
}

