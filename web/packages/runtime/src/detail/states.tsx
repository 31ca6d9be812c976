import { CheckOutlined } from "@ant-design/icons";
import { brief, shades, useSpeech } from "@lowcode/kit";
import { Problem, type Field, type Form, type StoredRecord } from "@lowcode/protocol";
import { useQueryClient } from "@tanstack/react-query";
import { App, Button, Dropdown, Tooltip } from "antd";
import { useEffect, useRef, useState } from "react";
import { renewed } from "../changed";
import { transitionsOf, type Move } from "./transitions";
import { useRuntime } from "../runtime";

/** Where a record stands on its way, and the steps it may take. */
export function States({ form, field, record }: { form: Form; field: Field; record: StoredRecord }) {
  const { w, t } = useSpeech();
  const [list, over] = useCurrentInSight(String(record[field.name] ?? ""));
  const states = field.states ?? [];
  const current = states.findIndex((each) => each.name === record[field.name]);
  const way = states.filter((each, index) => !each.closed || each.won || index === current);
  const at = way.findIndex((each) => each.name === record[field.name]);
  return (
    <div className="lc-states">
      <ol ref={list} className="lc-way" aria-label={w(field.title)} tabIndex={over ? 0 : undefined}>
        {way.map((each, index) => {
          const { solid, ground, text } = shades(each.color ?? "blue");
          const kind = index === at ? "lc-step lc-step-now" : index < at ? "lc-step lc-step-past" : "lc-step";
          return (
            <li key={each.name} className={kind} aria-current={index === at ? "step" : undefined} style={index === at ? { background: ground, color: text, borderColor: solid } : undefined}>
              {index < at && <CheckOutlined aria-hidden />}
              <span>{w(each.title) || each.name}</span>
            </li>
          );
        })}
      </ol>
      <Moves form={form} field={field} record={record} label={t("currentState")} />
    </div>
  );
}

/** A row of steps that may be wider than its place shows the current one; whether it is wider. */
function useCurrentInSight(state: string) {
  const list = useRef<HTMLOListElement>(null);
  const [over, setOver] = useState(false);
  useEffect(() => {
    const row = list.current;
    if (!row) return;
    const look = () => {
      const now = row.querySelector<HTMLElement>("[aria-current]");
      setOver(row.scrollWidth > row.clientWidth);
      if (now) row.scrollLeft += now.getBoundingClientRect().left - row.getBoundingClientRect().left - (row.clientWidth - now.offsetWidth) / 2;
    };
    const watch = new ResizeObserver(look);
    watch.observe(row);
    return () => watch.disconnect();
  }, [state]);
  return [list, over] as const;
}

function Moves({ form, field, record, label }: { form: Form; field: Field; record: StoredRecord; label: string }) {
  const { emitted, session, now } = useRuntime();
  const { t } = useSpeech();
  const { move, busy } = useMove(form, field, record);
  const moves = transitionsOf(form, field, record, emitted[form.name], session.moment, now());
  if (moves.length === 0) return null;
  // The step that leads on is the loud one: the first that does not give the record up.
  const on = moves.find((each) => !each.closing || each.won);
  const few = moves.slice(0, 3);
  const rest = moves.slice(3);
  return (
    <div className="lc-moves" role="group" aria-label={label}>
      {few.map((each) => (
        <MoveButton key={each.to} each={each} primary={each === on && (each.allowed || each.missing.length > 0)} busy={busy === each.to} move={move} />
      ))}
      {rest.length > 0 && (
        <Dropdown autoFocus menu={{ items: rest.map((each) => ({ key: each.to, label: each.title, onClick: () => void move(each) })) }} trigger={["click"]}>
          <Button>{t("more")}</Button>
        </Dropdown>
      )}
    </div>
  );
}

function MoveButton({ each, primary, busy, move }: { each: Move; primary: boolean; busy: boolean; move: (each: Move) => Promise<boolean> }) {
  const closed = !each.allowed && each.missing.length === 0;
  const button = (
    <Button className={closed ? "lc-closed" : undefined} type={primary ? "primary" : "default"} danger={each.closing && !each.won} loading={busy} onClick={() => void move(each)}>
      {each.title}
    </Button>
  );
  return each.message ? <Tooltip title={each.message}>{button}</Tooltip> : button;
}

/** The fields a refusal names beside the state itself, as far as they can be filled in. */
export function fieldsNamed(form: Form, state: Field, error: unknown): string[] {
  if (!(error instanceof Problem) || error.conflict) return [];
  const names = error.errors.map((problem) => problem.pointer.split("/")[1] ?? "");
  return [...new Set(names)].filter((name) => name !== state.name && form.fields.some((field) => field.name === name && !field.read_only));
}

/** Conditions of a step that a refusal names: what can be done about them is shown where the step is taken. */
const CONDITIONS = new Set(["records.stage-gate", "records.transition-condition"]);
export const conditionsNamed = (error: unknown): boolean => error instanceof Problem && !error.conflict && error.errors.some((each) => CONDITIONS.has(each.code));

/** Everything a refusal says, in one line. */
export const reasons = (error: unknown): string => (error instanceof Problem ? error.errors.map((each) => each.detail).join(" ") : "");

/** Moves a record along a transition; what the transition still needs is asked for in the form. */
export function useMove(form: Form, field: Field, record: StoredRecord) {
  const { client, openForm } = useRuntime();
  const { message, modal } = App.useApp();
  const queries = useQueryClient();
  const speech = useSpeech();
  const [busy, setBusy] = useState<string | null>(null);
  const sure = (each: Move): Promise<boolean> =>
    new Promise((resolve) => {
      if (!each.confirm) return resolve(true);
      modal.confirm({ title: each.title, content: each.confirm, okText: speech.t("confirm"), cancelText: speech.t("cancel"), onOk: () => resolve(true), onCancel: () => resolve(false) });
    });
  const ask = (each: Move, fields: string[]) => openForm({ form: form.name, id: record.id, step: { field: field.name, to: each.to, title: each.title, fields } });
  const move = async (each: Move): Promise<boolean> => {
    if (!(await sure(each))) return false;
    if (each.unmet.length > 0 || each.missing.length > 0) {
      ask(each, each.missing);
      return false;
    }
    setBusy(each.to);
    try {
      await client.update(form.name, record.id, record.version, { [field.name]: each.to });
      void message.success(speech.t("moved", { name: each.target }));
      await renewed(queries);
      return true;
    } catch (error) {
      const needed = fieldsNamed(form, field, error);
      if (needed.length > 0 || conditionsNamed(error)) ask(each, needed);
      else void message.error(`${speech.t("notPossible", { name: each.target })}: ${reasons(error) || brief(error, speech)}`, 6);
      if (error instanceof Problem && error.conflict) await renewed(queries);
      return false;
    } finally {
      setBusy(null);
    }
  };
  return { move, busy };
}
