import { brief, useNarrow, useSpeech } from "@lowcode/kit";
import type { Field, Reference } from "@lowcode/protocol";
import { useRuntime } from "@lowcode/runtime";
import { inputOf } from "@lowcode/runtime/widgets/inputs";
import { keepPreviousData, useQuery } from "@tanstack/react-query";
import { Button, Input, Segmented, Select } from "antd";
import { useEffect, useState } from "react";
import { useDesign } from "../design";
import { columnsOf, shown } from "./cells";
import { useLooked, type Choice } from "./known";

/** What the table answered, and of each row which cells were met. */
export interface Tried {
  rows: number[];
  outputs: Record<string, unknown>;
  inputs: Record<string, unknown>;
  conflict: string | null;
  explanation: { row: number; hit: boolean; cells: { input: string; cell: string; value: unknown; met: boolean }[] }[];
}

/** Asks the table as it stands, with values or for a record; the row that is chosen says why. */
export function Trying({ row, choices, tried }: { row: number | null; choices: Choice[][]; tried: (found: Tried | null) => void }) {
  const { client, app } = useRuntime();
  const { document, findings } = useDesign();
  const speech = useSpeech();
  const { t, w } = speech;
  const narrow = useNarrow();
  const looked = useLooked();
  const form = app.forms[String(document["form"] ?? "")];
  const [by, setBy] = useState<"values" | "record">("values");
  const [values, setValues] = useState<Record<string, string>>({});
  const [record, setRecord] = useState<Reference | null>(null);
  const faulty = findings.some((each) => each.severity === "error");
  const ready = !faulty && (by === "values" ? Object.values(values).some((each) => each !== "") : record !== null);
  const asked = { document, ...(by === "record" && record ? { record: record.id } : { values }) };
  const found = useQuery({ queryKey: ["table-try", asked], queryFn: ({ signal }) => client.run<Tried>("rules.try_table", asked, { signal }), enabled: ready, placeholderData: keepPreviousData, gcTime: 30_000, staleTime: Infinity, retry: false });
  const answer = ready && !found.error ? found.data : undefined;
  useEffect(() => tried(answer ?? null), [answer]); // eslint-disable-line react-hooks/exhaustive-deps
  useEffect(() => () => tried(null), []); // eslint-disable-line react-hooks/exhaustive-deps
  const columns = columnsOf(document);
  const why = answer && row !== null ? answer.explanation.find((each) => each.row === row + 1) : undefined;
  const titled = (name: string, side: string) => w(columns.find((each) => each.name === name && each.side === side)?.title) || name;
  const told = (value: unknown, name: string, side: string): string => {
    if (value === null || value === undefined || value === "") return t("blank");
    if (Array.isArray(value)) return value.map((each) => told(each, name, side)).join(", ");
    const place = columns.findIndex((each) => each.name === name && each.side === side);
    return choices[place]?.find((each) => each.value === String(value))?.title ?? String(value);
  };
  const cellShown = (name: string, text: string): string => {
    const place = columns.findIndex((each) => each.name === name && each.side === "when");
    return place < 0 ? text : shown(columns[place]!, text, new Map(choices[place]!.map(({ value, title }) => [value, title])));
  };
  const RecordInput = inputOf("link");
  return (
    <section className="lc-design-inspector lc-table-try" aria-label={t("tableTry")}>
      {form && <Segmented block size="small" value={by} onChange={setBy} options={[{ value: "values", label: t("tableTryValues") }, { value: "record", label: t("tableTryRecord") }]} />}
      {by === "record" && form ? (
        <div className="lc-design-option">
          <label className="lc-design-label" htmlFor="table-try-record">{w(form.title)}</label>
          <RecordInput id="table-try-record" narrow={narrow} field={{ name: "record", type: "link", to: form.name } as Field} value={record} onChange={(value: unknown) => setRecord(value as Reference | null)} />
        </div>
      ) : (
        columns.filter((each) => each.side === "when").map((column, place) => {
          const kind = looked?.inputs.find((each) => each.name === column.name)?.kind;
          const id = `table-try-${column.name}`;
          const value = values[column.name] ?? "";
          const put = (next: string) => setValues((before) => ({ ...before, [column.name]: next }));
          const own = choices[place]!;
          return (
            <div key={column.name} className="lc-design-option">
              <label className="lc-design-label" htmlFor={id}>{w(column.title)}</label>
              {own.length > 0 ? <Select id={id} allowClear showSearch={{ optionFilterProp: "label" }} value={value || null} placeholder={t("blank")} options={own.map((each) => ({ value: each.value, label: each.title }))} onChange={(next: string | null) => put(next ?? "")} /> : <Input id={id} type={kind === "date" ? "date" : kind === "datetime" ? "datetime-local" : "text"} inputMode={kind === "number" ? "decimal" : undefined} value={value} placeholder={t("blank")} onChange={(event) => put(event.target.value)} />}
            </div>
          );
        })
      )}
      {by === "values" && Object.values(values).some((each) => each !== "") && <Button size="small" type="link" onClick={() => setValues({})}>{t("tableTryClear")}</Button>}
      {faulty && <p className="lc-quiet">{t("tableTryWrong")}</p>}
      {!ready && !faulty && <p className="lc-quiet">{t("tableTryHint")}</p>}
      {ready && found.error && <p className="lc-design-wrong" role="alert">{brief(found.error, speech)}</p>}
      {answer && (
        <div role="status">
          <h3>{answer.rows.length > 0 ? t("tableHit", { rows: answer.rows.join(", ") }) : t("tableNoHit")}</h3>
          <dl className="lc-table-answers">
            {Object.entries(answer.outputs).map(([name, value]) => <div key={name}><dt>{titled(name, "then")}</dt><dd>{told(value, name, "then")}</dd></div>)}
          </dl>
          {answer.conflict && <p className="lc-design-wrong">{answer.conflict}</p>}
          {why && (
            <>
              <h3>{t(why.hit ? "tableWhyHit" : "tableWhyNot", { number: why.row })}</h3>
              <ul className="lc-table-why">
                {why.cells.map((each, place) => (
                  <li key={place} className={each.met ? "lc-table-met" : "lc-table-unmet"}>
                    <span aria-hidden="true">{each.met ? "✓" : "✗"}</span> {titled(each.input, "when")}: {t(each.met ? "tableMet" : "tableUnmet", { value: told(each.value, each.input, "when"), cell: cellShown(each.input, each.cell) })}
                  </li>
                ))}
              </ul>
            </>
          )}
          {!why && <p className="lc-quiet">{t("tableWhyHint")}</p>}
        </div>
      )}
    </section>
  );
}
