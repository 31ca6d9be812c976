import { MinusOutlined, PlusOutlined, RedoOutlined } from "@ant-design/icons";
import { Failure, Nothing, recordLink, Sketch, useNarrow, useRoving, useSpeech } from "@lowcode/kit";
import type { Form, StoredRecord, View } from "@lowcode/protocol";
import { Button, Popover } from "antd";
import { useEffect, useMemo, useRef, useState, type KeyboardEvent, type PointerEvent } from "react";
import { besideIn, blank, fieldOf } from "../fields";
import { Cell } from "../grid/cell";
import { More } from "../grid/more";
import { useRecords } from "../grid/records";
import type { ListState } from "../grid/state";
import { useRuntime } from "../runtime";
import { place } from "../widgets/location";
import { Frame } from "./frame";
import { Legend } from "./legend";
import { markOf } from "./mark";
import { fit, project, together, unproject, zoomed, type Sight, type Size } from "./ground";
import { Ground } from "./map_ground";

interface Dot {
  record: StoredRecord;
  longitude: number;
  latitude: number;
  words: string;
  color: string;
  x: number;
  y: number;
}

const REACH = 46;

/** Records where they are. Nothing is asked of anybody outside, unless the definition names an address of the ground. */
export default function MapView({ form, view, state }: { form: Form; view: View; state: ListState }) {
  const { t } = useSpeech();
  const names = [view.place!, ...(view.by ? [view.by] : []), ...(view.card ?? [])];
  const where = [`${view.place} is not blank`, state.where].filter(Boolean).join(" and ");
  const records = useRecords({ form, ...state.asked, where, fields: [...new Set(names)], limit: 500 });
  const dots = useMemo(() => dotsOf(form, view, records.items), [form, view, records.items]);
  return (
    <Frame form={form} state={state}>
      {records.error ? (
        <Failure error={records.error} retry={() => void records.refetch()} />
      ) : records.isPending ? (
        <Sketch rows={8} />
      ) : dots.length === 0 ? (
        <Nothing title={t("mapEmpty")} hint={t("mapEmptyHint")} />
      ) : (
        <>
          <Legend by={form.fields.find((each) => each.name === view.by)} records={records.items} />
          <Chart form={form} view={view} dots={dots} total={records.total?.value ?? dots.length} />
        </>
      )}
      <More records={records} />
    </Frame>
  );
}

function dotsOf(form: Form, view: View, records: StoredRecord[]): Dot[] {
  const by = form.fields.find((each) => each.name === view.by);
  return records.flatMap((record) => {
    const found = place(record[view.place!]);
    if (!found) return [];
    return [{ record, ...found, color: markOf(by, record), x: 0, y: 0 }];
  });
}

/** How large the place of an element is, as the window changes. */
function useSize() {
  const [size, setSize] = useState<Size>({ width: 0, height: 0 });
  const ref = useRef<HTMLDivElement>(null);
  useEffect(() => {
    const element = ref.current;
    if (!element) return;
    const watch = new ResizeObserver(() => setSize({ width: element.clientWidth, height: element.clientHeight }));
    watch.observe(element);
    return () => watch.disconnect();
  }, []);
  return { ref, size };
}

function Chart({ form, view, dots, total }: { form: Form; view: View; dots: Dot[]; total: number }) {
  const { t, w } = useSpeech();
  const narrow = useNarrow();
  const { ref, size } = useSize();
  const [moved, setMoved] = useState<Sight | null>(null);
  const whole = useMemo(() => fit(dots, size), [dots, size]);
  const sight = moved ?? whole;
  const drag = useRef<{ x: number; y: number; from: Sight } | null>(null);
  const shift = (from: Sight, x: number, y: number) => {
    const middle = project(from.longitude, from.latitude, from.zoom);
    setMoved({ ...unproject({ x: middle.x - x, y: middle.y - y }, from.zoom), zoom: from.zoom });
  };
  const nearer = (by: number) => setMoved({ ...sight, zoom: zoomed(sight.zoom + by) });
  const keys = (event: KeyboardEvent) => {
    const steps: Record<string, () => void> = { ArrowLeft: () => shift(sight, 60, 0), ArrowRight: () => shift(sight, -60, 0), ArrowUp: () => shift(sight, 0, 60), ArrowDown: () => shift(sight, 0, -60), "+": () => nearer(0.5), "-": () => nearer(-0.5) };
    if (event.target !== event.currentTarget || !steps[event.key]) return;
    event.preventDefault();
    steps[event.key]!();
  };
  const corner = project(sight.longitude, sight.latitude, sight.zoom);
  const offset = { x: corner.x - size.width / 2, y: corner.y - size.height / 2 };
  const groups = useMemo(() => together(dots.map((each) => ({ ...each, ...project(each.longitude, each.latitude, sight.zoom) })), REACH), [dots, sight.zoom]);
  const inSight = groups.map((each) => ({ ...each, x: each.x - offset.x, y: each.y - offset.y })).filter(({ x, y }) => x > -REACH && y > -REACH && x < size.width + REACH && y < size.height + REACH);
  return (
    <div className="lc-map-page">
      <div
        ref={ref}
        className="lc-map"
        role="group"
        tabIndex={0}
        aria-label={t("mapOf", { name: w(form.title), count: total })}
        onKeyDown={keys}
        onPointerDown={(event: PointerEvent) => {
          if ((event.target as Element).closest("button, a")) return;
          drag.current = { x: event.clientX, y: event.clientY, from: sight };
          event.currentTarget.setPointerCapture(event.pointerId);
        }}
        onPointerMove={(event) => drag.current && shift(drag.current.from, event.clientX - drag.current.x, event.clientY - drag.current.y)}
        onPointerUp={() => (drag.current = null)}
        onDoubleClick={() => nearer(1)}
      >
        {size.width > 0 && <Ground sight={sight} size={size} offset={offset} tiles={view.tiles} />}
        {inSight.map((group) => (
          <Mark key={group.items.map((each) => each.record.id).join()} form={form} view={view} group={group} open={() => setMoved(fit(group.items, size))} />
        ))}
        <span className="lc-map-tools">
          <Button icon={<PlusOutlined />} aria-label={t("zoomIn")} onClick={() => nearer(0.5)} />
          <Button icon={<MinusOutlined />} aria-label={t("zoomOut")} onClick={() => nearer(-0.5)} />
          <Button icon={<RedoOutlined />} aria-label={t("zoomAll")} onClick={() => setMoved(null)} />
        </span>
      </div>
      {!narrow && <Beside form={form} dots={dots} go={(dot) => setMoved({ longitude: dot.longitude, latitude: dot.latitude, zoom: Math.max(sight.zoom, 12) })} />}
    </div>
  );
}

/** The same records in words, for those who look for a name. */
function Beside({ form, dots, go }: { form: Form; dots: Dot[]; go: (dot: Dot) => void }) {
  const { t } = useSpeech();
  const list = useRoving<HTMLOListElement>("button, a");
  return (
    <ol ref={list} className="lc-map-list" aria-label={t("mapList")}>
      {dots.slice(0, 200).map((dot) => (
        <li key={dot.record.id}>
          <button type="button" className="lc-map-entry" onClick={() => go(dot)}>
            <span className="lc-map-dot" style={{ background: dot.color }} aria-hidden="true" />
            <span className="lc-ellipsis">{dot.record._label}</span>
          </button>
          <a href={recordLink(form.name, dot.record.id)} className="lc-quiet">
            {t("duplicatesOpen")}
          </a>
        </li>
      ))}
    </ol>
  );
}

function Mark({ form, view, group, open }: { form: Form; view: View; group: { x: number; y: number; items: Dot[] }; open: () => void }) {
  const { app } = useRuntime();
  const { t, w } = useSpeech();
  const at = { insetInlineStart: group.x, top: group.y };
  const [first] = group.items as [Dot];
  const apart = group.items.some((each) => Math.abs(each.longitude - first.longitude) > 1e-5 || Math.abs(each.latitude - first.latitude) > 1e-5);
  if (group.items.length > 1 && apart)
    return (
      <button type="button" className="lc-map-many" style={at} aria-label={t("mapMany", { count: group.items.length })} onClick={open}>
        {group.items.length}
      </button>
    );
  const card = (
    <div className="lc-map-card">
      {group.items.map(({ record, words }) => (
        <div key={record.id}>
          <a className="lc-card-title" href={recordLink(form.name, record.id)}>
            {record._label}
          </a>
          {words && <div className="lc-quiet">{words}</div>}
          <dl>
            {(view.card ?? []).map((name) => {
              const field = fieldOf(app, form, name);
              return field && !blank(record[name]) ? (
                <div key={name}>
                  <dt>{w(field.title) || name}</dt>
                  <dd>
                    <Cell field={field} value={record[name]} beside={besideIn(field, name, record)} />
                  </dd>
                </div>
              ) : null;
            })}
          </dl>
        </div>
      ))}
    </div>
  );
  return (
    <Popover trigger="click" content={card}>
      <button type="button" className="lc-map-mark" style={{ ...at, background: first.color }} aria-label={group.items.map(({ record }) => record._label).join("、")}>
        {group.items.length > 1 ? group.items.length : ""}
      </button>
    </Popover>
  );
}
