import { ArrowLeftOutlined, ArrowRightOutlined, DeleteOutlined } from "@ant-design/icons";
import { useNarrow, useSpeech } from "@lowcode/kit";
import { Button, Checkbox, Input, Tabs } from "antd";
import { useEffect, useState } from "react";
import { Options } from "../controls";
import { useDesign, type Finding } from "../design";
import { ExpressionInput } from "../expression";
import { resolved, type Schema } from "../schema";
import { at, isNode, pointerOf, type Node, type Path } from "../tree";
import { cellOf, columnsOf, freeName, isOtherwise, moveColumn, pathAt, removeColumn, renameColumn, textAt, valuesOf, write, type Column, type Place } from "./cells";
import { type Choice } from "./known";
import { Trying, type Tried } from "./trying";

export interface Sided {
  columns: Column[];
  choices: Choice[][];
  active: Place | null;
  change: (document: Node, path: Path | null) => void;
  tried: (found: Tried | null) => void;
}

/** What is chosen, in full, and beside it what the table would answer. */
export function TableSide(props: Sided) {
  const { t } = useSpeech();
  const { chosen } = useDesign();
  const [tab, setTab] = useState("options");
  const column = chosen?.length === 2 && !props.active ? pointerOf(chosen) : null;
  // While something is tried, another row says why; a column has nothing to say there.
  useEffect(() => void (column !== null && setTab("options")), [column]);
  return (
    <Tabs
      size="small" className="lc-design-sides" activeKey={tab} onChange={setTab}
      items={[
        { key: "options", label: t(props.active ? "tableCell" : chosen ? "tableColumn" : "tableOptions"), children: props.active ? <OfCell {...props} active={props.active} /> : chosen?.length === 2 ? <OfColumn {...props} path={chosen} /> : <OfTable /> },
        { key: "try", label: t("tableTry"), children: <Trying row={props.active?.row ?? null} choices={props.choices} tried={props.tried} />, forceRender: false, destroyOnHidden: true },
      ]}
    />
  );
}

function Found({ pointers }: { pointers: string[] }) {
  const { findings } = useDesign();
  const found = findings.filter((each) => pointers.includes(each.pointer));
  if (found.length === 0) return null;
  return <ul className="lc-design-findings">{found.map((each: Finding, place) => <li key={place} className={each.severity === "error" ? "lc-design-wrong" : "lc-design-warned"}>{each.message} {each.hint}</li>)}</ul>;
}

export function OfTable() {
  const { palette, document } = useDesign();
  const { t } = useSpeech();
  const collects = document["hit"] === "COLLECT";
  return (
    <section className="lc-design-inspector" aria-label={t("tableOptions")}>
      <p className="lc-quiet"><code>{String(document["name"])}</code></p>
      <Found pointers={["", "/rules", "/hit", "/form"]} />
      <Options schema={only(palette.schema, ["title", "help", "form", "hit", ...(collects ? ["aggregate"] : []), "complete"])} path={[]} />
      {!useNarrow() && <p className="lc-quiet">{t("tableHelp")}</p>}
    </section>
  );
}

export function OfColumn({ path, change }: Sided & { path: Path }) {
  const { palette, document } = useDesign();
  const { t } = useSpeech();
  const what = path[0] as "inputs" | "outputs";
  const place = path[1] as number;
  const column = at(document, path);
  const count = (document[what] as Node[]).length;
  if (!isNode(column)) return <OfTable />;
  const name = String(column["name"]);
  const model = resolved({ $ref: `#/$defs/${what === "inputs" ? "InputDocument" : "OutputDocument"}` }, palette.schema);
  const shift = (by: 1 | -1) => {
    const next = moveColumn(document, what, place, by);
    if (next) change(next, [what, place + by]);
  };
  const label = String(column["title"] ?? name);
  return (
    <section className="lc-design-inspector" aria-label={t("tableColumn")} key={pointerOf(path)}>
      <header>
        <h2>{t(what === "inputs" ? "tableInput" : "tableOutput")}</h2>
        <Button size="small" type="text" icon={<ArrowLeftOutlined />} disabled={place === 0} aria-label={t("designUp", { name: label })} onClick={() => shift(-1)} />
        <Button size="small" type="text" icon={<ArrowRightOutlined />} disabled={place === count - 1} aria-label={t("designDown", { name: label })} onClick={() => shift(1)} />
        <Button size="small" type="text" danger icon={<DeleteOutlined />} disabled={count === 1} aria-label={t("designTakeAway", { name: label })} title={t("designTakeAway", { name: label })} onClick={() => { const next = removeColumn(document, what, place); if (next) change(next, null); }} />
      </header>
      <Found pointers={[pointerOf(path)]} />
      <Options schema={only(model, what === "inputs" ? ["title", "expression"] : ["title", "type", "values"])} path={path} />
      <Code key={name} name={name} document={document} what={what} change={(next) => change(renameColumn(document, what, place, next), path)} />
    </section>
  );
}

/** The name by which rules and flows know the column; it is taken over where it is one. */
function Code({ name, document, what, change }: { name: string; document: Node; what: "inputs" | "outputs"; change: (name: string) => void }) {
  const { t } = useSpeech();
  const [text, setText] = useState(name);
  const wrong = !/^[a-z][a-z0-9_]{0,62}$/.test(text) || (text !== name && freeName(document, what, text) !== text);
  return (
    <div className="lc-design-option">
      <div className="lc-design-label">{t("formCode")}</div>
      <Input aria-label={t("formCode")} value={text} status={wrong ? "error" : undefined} onChange={(event) => setText(event.target.value)} onBlur={() => (wrong ? setText(name) : text !== name && change(text))} onPressEnter={() => !wrong && text !== name && change(text)} />
    </div>
  );
}

/** One cell in full; `among` the others of its row, it says less. */
export function OfCell({ columns, choices, active, change, among = false }: Sided & { active: Place; among?: boolean }) {
  const { document, palette } = useDesign();
  const { t, w } = useSpeech();
  const column = columns[active.column];
  const path = column ? pathAt(document, columns, active) : [];
  const text = column ? textAt(document, columns, active) : "";
  if (!column) return null;
  const otherwise = isOtherwise(document, active.row);
  const put = (next: string) => change(write(document, columns, [{ ...active, text: next }]), path);
  const heading = `${w(column.title) || t("tableNote")} · ${otherwise ? t("tableOtherwise") : t("tableRow", { number: active.row + 1 })}`;
  const listed = valuesOf(text);
  const own = choices[active.column] ?? [];
  if (otherwise && column.side !== "then") return <section className="lc-design-inspector"><p className="lc-quiet">{t("tableOtherwiseHint")}</p></section>;
  return (
    <section className="lc-design-inspector" aria-label={t("tableCell")} key={pointerOf(path)}>
      <header><h2>{among ? w(column.title) || t("tableNote") : heading}</h2></header>
      <Found pointers={[pointerOf(path), `/rules/${active.row}`]} />
      {column.side === "note" ? (
        <Options schema={only(resolved({ $ref: "#/$defs/RowDocument" }, palette.schema), ["note"])} path={["rules", active.row]} />
      ) : column.side === "then" ? (
        <ExpressionInput label={heading} path={path} value={text} change={put} />
      ) : (
        <Cell text={text} label={heading} change={put} />
      )}
      {column.side === "when" && own.length > 0 && (
        <div className="lc-table-choices" role="group" aria-label={t("tableOneOf")}>
          <div className="lc-design-label">{t("tableOneOf")}</div>
          {listed === null ? <p className="lc-quiet">{t("tableFree")}</p> : (
            <Checkbox.Group
              value={text.trim() === "true" || text.trim() === "false" ? [text.trim()] : listed} options={own.map(({ value, title }) => ({ value, label: title }))}
              onChange={(next) => { const values = own.map((each) => each.value).filter((each) => next.includes(each)); put(values.every((each) => each === "true" || each === "false") ? (values.length === 1 ? values[0]! : "") : cellOf(values)); }}
            />
          )}
        </div>
      )}
      {column.side === "when" && !among && <Hints />}
    </section>
  );
}

/** What may stand in a cell that asks. */
function Hints() {
  const { t } = useSpeech();
  const examples = [["-", "tableHintAny"], ['"a", "b"', "tableHintOne"], [">= 18", "tableHintCompared"], ["[18..65)", "tableHintRange"], ['not("x", "y")', "tableHintNot"], ["blank", "tableHintBlank"], ['CONTAINS(?, "x")', "tableHintFree"]] as const;
  return (
    <dl className="lc-table-hints">
      {examples.map(([text, words]) => <div key={text}><dt><code>{text}</code></dt><dd>{t(words)}</dd></div>)}
    </dl>
  );
}

/** A text whose ends may be blank while it is typed; what is kept has none. */
function Cell({ text, label, change }: { text: string; label: string; change: (text: string) => void }) {
  const [typed, setTyped] = useState(text);
  useEffect(() => setTyped((before) => (before.trim() === text ? before : text)), [text]);
  return <Input.TextArea aria-label={label} className="lc-design-code" spellCheck={false} autoSize={{ minRows: 1, maxRows: 6 }} value={typed} onChange={(event) => (setTyped(event.target.value), change(event.target.value))} />;
}

const only = (schema: Schema, names: string[]): Schema => ({ ...schema, properties: Object.fromEntries(names.flatMap((name) => (schema.properties?.[name] ? [[name, schema.properties[name]]] : []))) });

export const columnAt = (document: Node, path: Path | null): number | null => {
  if (!path || path.length !== 2 || (path[0] !== "inputs" && path[0] !== "outputs")) return null;
  const found = columnsOf(document).findIndex((each) => each.path[0] === path[0] && each.path[1] === path[1]);
  return found < 0 ? null : found;
};
