import { decimal, Failure, money, shades, Sketch, useSpeech } from "@lowcode/kit";
import type { Field, Form, StoredRecord, View } from "@lowcode/protocol";
import { useMemo } from "react";
import { usePlaceFor } from "../dragging";
import { shown } from "../fields";
import { More } from "../grid/more";
import { useRecords } from "../grid/records";
import type { ListState } from "../grid/state";
import { useRuntime } from "../runtime";
import { Card } from "./card";
import { useFixed } from "./fixed";
import { useAges } from "./ages";
import { markOf } from "../views/mark";
import { BLANK, cardFields, colorField, whereOf, type Lane } from "./columns";

export interface Moved {
  record: StoredRecord;
  from: string;
  to: string;
}

interface LaneProps {
  form: Form;
  view: View;
  field: Field;
  lane: Lane;
  state: ListState;
  moved: Moved[];
  know: (lane: string, records: StoredRecord[]) => void;
}

/** One lane of a board with its count and its sum. */
export function LaneColumn({ form, view, field, lane, state, moved, know }: LaneProps) {
  const { w, t } = useSpeech();
  const { app } = useRuntime();
  const fields = cardFields(view, form.label);
  const color = colorField(app, form, view);
  const title = w(lane.title) || lane.name || t("blank");
  const where = [whereOf(field, lane.name), state.where].filter(Boolean).join(" and ");
  const records = useRecords({ form, ...state.asked, where, fields: [...new Set([...fields, field.name, ...(color ? [color.name] : [])])], limit: 30, sum: view.sum });
  const here = useMemo(() => moved.filter((each) => each.to === lane.name && !records.items.some((item) => item.id === each.record.id)).map((each) => each.record), [moved, records.items, lane.name]);
  const items = useMemo(() => {
    const away = new Set(moved.filter((each) => each.to !== lane.name).map((each) => each.record.id));
    return [...here, ...records.items.filter((item) => !away.has(item.id))];
  }, [here, moved, records.items, lane.name]);
  const pages = useMemo(() => [...(records.data?.pages.map((page) => page.items) ?? []), here], [records.data, here]);
  know(lane.name, items);
  const ages = useAges(form, field, lane.name, pages);
  const fixed = useFixed(form, field, pages);
  const { ref, over } = usePlaceFor(lane.name, title, false);
  const { solid } = shades(lane.color);
  const sumField = view.sum ? form.fields.find((each) => each.name === view.sum) : undefined;
  const sum = view.sum ? records.sums?.[view.sum] : undefined;
  if (lane.name === BLANK && items.length === 0 && !records.error) return null;
  return (
    <section ref={ref} className={over ? "lc-lane lc-lane-over" : "lc-lane"} aria-label={title} data-lane={lane.name}>
      <header style={{ borderTopColor: solid }}>
        <span className="lc-lane-title">{title}</span>
        <span className="lc-pill lc-pill-quiet">{records.total ? decimal(records.total.value, 0) + (records.total.capped ? "+" : "") : ""}</span>
        <span className="lc-grow" />
        {sum != null && sumField && <span className="lc-quiet lc-number">{shown(sumField).type === "money" ? money(sum, sumField.currency ?? app.currency, 0) : decimal(sum, sumField.scale ?? null)}</span>}
      </header>
      <div className="lc-lane-body">
        {records.error ? (
          <Failure small error={records.error} retry={() => void records.refetch()} />
        ) : records.isPending ? (
          <Sketch rows={3} />
        ) : items.length === 0 ? (
          <div className="lc-lane-empty lc-quiet">{t("emptyColumn")}</div>
        ) : (
          items.map((record) => <Card key={record.id} form={form} record={record} fields={fields} mark={color && markOf(color, record)} standing={ages.get(record.id)} movable={form.permissions["edit"] === true && !field.read_only} fixed={fixed.get(record.id)?.message} />)
        )}
        <More records={records} />
      </div>
    </section>
  );
}
