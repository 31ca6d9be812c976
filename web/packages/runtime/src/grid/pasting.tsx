import { brief, Sketch, useSpeech } from "@lowcode/kit";
import { Problem, type Client, type Form, type Reference, type StoredRecord } from "@lowcode/protocol";
import { App, Modal } from "antd";
import { useEffect, useState } from "react";
import { written } from "../fields";
import { same } from "../form/live";
import { bare } from "../form/conflict_rows";
import { errorsOf } from "../form/model";
import { lookUp, readCell } from "../form/sheet";
import { useRuntime } from "../runtime";
import { Cell } from "./cell";
import type { Column } from "./columns";
import { refusalOf } from "./editable";
import type { CellChange, Saves } from "./saves";
import type { Block } from "./working";

const MOST = 200;
const AT_A_TIME = 4;

interface Pasted {
  column: Column;
  text: string;
  /** Undefined where it was not understood, or may not stand there. */
  change?: CellChange;
  wrong?: string;
}

interface PastedRow {
  record: StoredRecord;
  cells: Pasted[];
}

interface PastingProps {
  form: Form;
  block: Block;
  load: (from: number, count: number) => Promise<StoredRecord[]>;
  save: Saves["save"];
  together: Saves["together"];
  close: () => void;
}

/** A block of a spreadsheet before it is saved: what every cell becomes, and which are refused and why. */
export default function Pasting({ form, block, load, save, together, close }: PastingProps) {
  const { client } = useRuntime();
  const { message } = App.useApp();
  const speech = useSpeech();
  const { t, w } = speech;
  const [rows, setRows] = useState<PastedRow[] | null>(null);
  const [done, setDone] = useState<number | null>(null);
  const [open, setOpen] = useState(true);
  const taken = block.cells.slice(0, MOST);
  const columns = block.columns.slice(0, Math.max(...taken.map((each) => each.length)));

  useEffect(() => {
    let away = false;
    const name = (column: Column) => w(column.field.title) || column.name;
    const said = { unclear: (text: string, [one, other]: [string, string]) => t("pasteUnclear", { text, one, other }), wrong: (text: string, column: Column) => t("pasteWrong", { text, name: name(column) }), refused: (column: Column) => (refusalOf(form, column) ? t(`cell_${refusalOf(form, column)!}`) : undefined), needed: (column: Column) => t("required", { name: name(column) }) };
    read(client, form, columns, taken, () => load(block.start.row, taken.length), said).then(
      (found) => !away && setRows(found),
      (error: unknown) => {
        void message.error(brief(error, speech));
        setOpen(false);
      },
    );
    return () => {
      away = true;
    };
    // Once, for this block.
    // eslint-disable-next-line react-hooks/exhaustive-deps
  }, []);

  const good = rows?.flatMap(({ cells }) => cells.filter((each) => each.change)).length ?? 0;
  const bad = rows?.flatMap(({ cells }) => cells.filter((each) => each.wrong)).length ?? 0;
  const left = block.cells.length - (rows?.length ?? block.cells.length);
  const run = async () => {
    let refused = 0;
    setDone(0);
    await together(async () => {
      for (const { record, cells } of rows!) {
        const changes = cells.flatMap(({ change }) => (change ? [change] : []));
        if (changes.length > 0 && !(await save(record, changes))) refused += changes.length;
        setDone((before) => (before ?? 0) + changes.length);
      }
    });
    if (refused === 0) void message.success(t("cellsSaved", { count: good }));
    setOpen(false);
  };
  return (
    <Modal
      open={open}
      afterClose={close}
      width={Math.min(1080, 320 + columns.length * 180)}
      title={t("pasteTitle")}
      okText={done === null ? t("pasteSave", { count: good }) : t("pasteProgress", { done, count: good })}
      cancelText={t("cancel")}
      okButtonProps={{ disabled: good === 0, loading: done !== null }}
      onOk={() => void run()}
      onCancel={() => setOpen(false)}
    >
      {rows === null ? (
        <Sketch rows={4} />
      ) : (
        <>
          <p role="status" className={bad > 0 ? "lc-problem" : "lc-quiet"}>
            {bad > 0 ? t("pasteRefused", { count: bad }) : t("pasteAllGood", { count: good })} {left > 0 && t("pasteLeft", { count: left })}
          </p>
          <div className="lc-scroll lc-pasting">
            <table className="lc-plain">
              <thead>
                <tr>
                  <th scope="col">{w(form.title)}</th>
                  {columns.map((column) => (
                    <th scope="col" key={column.name}>
                      {w(column.field.title) || column.name}
                    </th>
                  ))}
                </tr>
              </thead>
              <tbody>
                {rows.map(({ record, cells }) => (
                  <tr key={record.id}>
                    <th scope="row">{record._label}</th>
                    {cells.map((cell) => (
                      <td key={cell.column.name} className={cell.wrong ? "lc-paste-bad" : cell.change ? "lc-paste-new" : "lc-quiet"}>
                        {cell.wrong ? (
                          <>
                            <s>{cell.text}</s>
                            <div className="lc-problem">{cell.wrong}</div>
                          </>
                        ) : (
                          <Cell field={cell.column.field} value={cell.change ? cell.change.to : record[cell.column.name]} />
                        )}
                      </td>
                    ))}
                  </tr>
                ))}
              </tbody>
            </table>
          </div>
        </>
      )}
    </Modal>
  );
}

interface Said {
  unclear: (text: string, either: [string, string]) => string;
  wrong: (text: string, column: Column) => string;
  refused: (column: Column) => string | undefined;
  needed: (column: Column) => string;
}

/** What a block means to the records it falls on, as the page reads it and as the server would take it. */
async function read(client: Client, form: Form, columns: Column[], texts: string[][], load: () => Promise<StoredRecord[]>, said: Said): Promise<PastedRow[]> {
  const records = await load();
  const asked = new Map<string, Promise<Reference | undefined>>();
  const one = async (record: StoredRecord, column: Column, text: string): Promise<Pasted> => {
    const refused = said.refused(column);
    const out = { column, text };
    const from = record[column.name] ?? null;
    if (refused) return text === "" ? out : { ...out, wrong: refused };
    let found = readCell(column.field, text);
    if ("named" in found) {
      const key = `${column.name} ${text}`;
      if (!asked.has(key)) asked.set(key, lookUp(client, column.field, text));
      const there = await asked.get(key);
      found = there ? { value: there } : { wrong: true };
    }
    if ("either" in found) return { ...out, wrong: said.unclear(text, found.either) };
    if ("wrong" in found || !("value" in found)) return { ...out, wrong: said.wrong(text, column) };
    if (found.value === null && column.field.required) return { ...out, wrong: said.needed(column) };
    return same(bare(found.value), bare(from)) ? out : { ...out, change: { field: column.field, from, to: found.value } };
  };
  const row = async (record: StoredRecord, index: number): Promise<PastedRow> => {
    const cells = await Promise.all(columns.slice(0, texts[index]!.length).map((column, at) => one(record, column, texts[index]![at]!)));
    const changes = cells.flatMap(({ change }) => (change ? [change] : []));
    if (changes.length === 0) return { record, cells };
    const values = Object.fromEntries(changes.map(({ field, to }) => [field.name, written(field, to)]));
    const errors = await client.run<{ errors: { pointer: string; code: string; detail: string }[] }>("forms.check", { form: form.name, id: record.id, values }).then(
      (answer) => errorsOf(form, answer.errors),
      (error: unknown) => {
        if (!(error instanceof Problem) || error.detail === "") throw error;
        return error.errors.length > 0 ? errorsOf(form, error.errors) : { "": error.detail };
      },
    );
    if (Object.keys(errors).length === 0) return { record, cells };
    const elsewhere = Object.entries(errors).filter(([pointer]) => !changes.some(({ field }) => field.name === pointer)).map(([, detail]) => detail).join("\n");
    return { record, cells: cells.map((cell) => (cell.change && (errors[cell.column.name] || elsewhere) ? { column: cell.column, text: cell.text, wrong: errors[cell.column.name] ?? elsewhere } : cell)) };
  };
  const out: PastedRow[] = [];
  for (let at = 0; at < records.length; at += AT_A_TIME) out.push(...(await Promise.all(records.slice(at, at + AT_A_TIME).map((record, offset) => row(record, at + offset)))));
  return out;
}
