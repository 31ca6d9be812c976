import { brief, useSpeech } from "@lowcode/kit";
import type { Form, StoredRecord, View } from "@lowcode/protocol";
import { useQueryClient } from "@tanstack/react-query";
import { App } from "antd";
import { useEffect, useMemo, useRef, useState } from "react";
import { renewed, saved } from "../changed";
import { Dragging } from "../dragging";
import { conditionsNamed, fieldsNamed, reasons } from "../detail/states";
import { Chips } from "../grid/chips";
import type { ListState } from "../grid/state";
import { Toolbar } from "../grid/toolbar";
import { useRuntime } from "../runtime";
import { Legend } from "../views/legend";
import { BLANK, colorField, elsewhere, lanesOf, mayMove } from "./columns";
import { LaneColumn, type Moved } from "./lane";

/** A board: cards are dragged from state to state; what the server refuses goes back, with its reason. */
export default function Kanban({ form, view, state }: { form: Form; view: View; state: ListState }) {
  const { app } = useRuntime();
  const queries = useQueryClient();
  const field = form.fields.find((each) => each.name === view.by);
  const seen = useRef(new Map<string, StoredRecord[]>());
  const { moved, move } = useMoves(form, view, seen.current);
  const color = colorField(app, form, view);
  // Of choices all are named: which of them occur is known lane by lane.
  const choices = useMemo(() => (color?.states ?? color?.options ?? []).map((each) => ({ [color!.name]: each.name }) as unknown as StoredRecord), [color]);
  if (!field) return null;
  return (
    <div className="lc-page lc-board-page">
      <Toolbar form={form} state={state} refresh={() => void queries.invalidateQueries({ queryKey: ["records", form.name] })} />
      <Chips form={form} state={state} />
      <Legend by={color} records={choices} />
      <Dragging onMove={move}>
        <div className="lc-board" role="group" aria-label={view.name} tabIndex={-1}>
          {lanesOf(field).map((lane) => (
            <LaneColumn key={lane.name} form={form} view={view} field={field} lane={lane} state={state} moved={moved} know={(name, records) => seen.current.set(name, records)} />
          ))}
        </div>
      </Dragging>
    </div>
  );
}

/** The step before it was refused, and has said so: this one begins where the card never was. */
const BEFORE_REFUSED = Symbol("the step before was refused");

function useMoves(form: Form, view: View, seen: Map<string, StoredRecord[]>) {
  const { client, openForm } = useRuntime();
  const { message } = App.useApp();
  const queries = useQueryClient();
  const speech = useSpeech();
  const [moved, setMoved] = useState<Moved[]>([]);
  const field = form.fields.find((each) => each.name === view.by);
  /** What is on its way, card by card: the next step of a card stands on the answer to the one before. */
  const onItsWay = useRef(new Map<number, Promise<StoredRecord>>());
  const here = useRef(true);
  useEffect(() => {
    here.current = true;
    return () => void (here.current = false);
  }, []);
  const move = (id: string, to: string) => {
    const found = [...seen.entries()].flatMap(([lane, records]) => records.filter((each) => String(each.id) === id).map((record) => ({ lane, record })))[0];
    if (!field || !found || found.lane === to) return;
    const lane = lanesOf(field).find((each) => each.name === to);
    const name = speech.w(lane?.title) || to || speech.t("blank");
    if (!mayMove(field, found.lane, to)) {
      void message.warning(speech.t("moveRefused", { name }));
      return;
    }
    const step: Moved = { record: { ...found.record, [field.name]: to || null }, from: found.lane, to };
    setMoved((before) => [...before.filter((each) => each.record.id !== found.record.id), step]);
    const forget = () => setMoved((before) => before.filter((each) => each !== step));
    const { id: number, version } = found.record;
    const before = onItsWay.current.get(number);
    const send = (on: number) => client.update(form.name, number, on, { [field.name]: to || null });
    const sent = before ? before.then((answer) => send(answer.version), () => Promise.reject(BEFORE_REFUSED)) : send(version);
    onItsWay.current.set(number, sent);
    const arrived = () => onItsWay.current.get(number) === sent && onItsWay.current.delete(number);
    sent
      .then((answer) => {
        saved(form.name, answer.id, answer.version);
        // A rule may have sent it on, to a lane that nobody named.
        const lanes = [found.lane, to, String(answer[field.name] ?? BLANK)];
        return renewed(queries, ({ queryKey }) => elsewhere(form.name, field, lanes, queryKey));
      })
      .then(forget)
      .catch((error: unknown) => {
        forget();
        if (error === BEFORE_REFUSED) return;
        const needed = fieldsNamed(form, field, error);
        const reason = reasons(error) || brief(error, speech);
        // Whoever has left the board works at something else: it is said, and no form opens over that.
        if ((needed.length > 0 || conditionsNamed(error)) && here.current) openForm({ form: form.name, id: found.record.id, step: { field: field.name, to, title: speech.t("moveTo", { name }), fields: needed } });
        else void message.error(`${speech.t("moveRefused", { name })}: ${reason}`, 6);
        void queries.invalidateQueries({ queryKey: ["records", form.name] });
      })
      .finally(arrived);
  };
  return { moved, move };
}
