import { ArrowDownOutlined, ArrowUpOutlined, DeleteOutlined, HolderOutlined } from "@ant-design/icons";
import { useSpeech } from "@lowcode/kit";
import { useRuntime } from "@lowcode/runtime";
import { Dragging, useMovable, usePlaceFor } from "@lowcode/runtime/dragging";
import { Button, Select } from "antd";
import { useDesign } from "../design";
import { Wrong } from "../rules/about";
import { at, isNode, type Path } from "../tree";
import { everyField } from "./subject";

const LIST: Path = ["drill", "columns"];

/** The columns that are seen of the records behind a number, in their order. */
export function Drill({ form }: { form: string }) {
  const { document, change } = useDesign();
  const { app } = useRuntime();
  const { t, w } = useSpeech();
  const found = at(document, LIST);
  const columns = (Array.isArray(found) ? found : []).map(String);
  const fields = everyField(app, form);
  const put = (next: string[]) => {
    const { columns: _, ...rest } = isNode(document["drill"]) ? document["drill"] : {};
    change(["drill"], next.length > 0 ? { ...rest, columns: next } : Object.keys(rest).length > 0 ? rest : undefined);
  };
  const moved = (from: number, to: number) => {
    const left = columns.filter((_, place) => place !== from);
    put([...left.slice(0, to), columns[from]!, ...left.slice(to)]);
  };
  const title = (path: string) => w(fields.find((each) => each.path === path)?.title) || path;
  const dropped = (id: string, place: string) => {
    const [from, to] = [Number(id.split(":")[1]), Number(place.split(":")[1])];
    if (Number.isInteger(from) && Number.isInteger(to)) moved(from, to);
  };
  return (
    <>
      <p className="lc-quiet">{t("reportDrillHint")}</p>
      <Dragging onMove={dropped}>
        {columns.map((each, place) => <Column key={`${each}${place}`} place={place} title={title(each)} last={place === columns.length - 1} move={(to) => moved(place, to)} remove={() => put(columns.filter((_, other) => other !== place))} />)}
      </Dragging>
      <Select size="small" className="lc-report-add" aria-label={t("reportAddColumn")} placeholder={t("reportAddColumn")} value={null} showSearch={{ optionFilterProp: "label" }} popupMatchSelectWidth={260} options={fields.filter((each) => !columns.includes(each.path)).map((each) => ({ value: each.path, label: w(each.title) }))} onChange={(path: string | null) => path !== null && put([...columns, path])} />
      <Wrong path={["drill"]} within />
    </>
  );
}

function Column({ place, title, last, move, remove }: { place: number; title: string; last: boolean; move: (to: number) => void; remove: () => void }) {
  const { t } = useSpeech();
  const { ref, handle, moving } = useMovable(`column:${place}`, title, false);
  const { ref: under, over } = usePlaceFor(`at:${place}`, title, false);
  return (
    <div ref={ref} className={moving ? "lc-design-moving" : undefined}>
      <div ref={under} className={over ? "lc-report-chip-head lc-report-over" : "lc-report-chip-head"}>
        <button type="button" ref={handle} className="lc-report-handle" aria-label={t("designMove", { name: title })}><HolderOutlined /></button>
        <span className="lc-report-name">{title}</span>
        <Button size="small" type="text" icon={<ArrowUpOutlined />} disabled={place === 0} aria-label={t("designUp", { name: title })} onClick={() => move(place - 1)} />
        <Button size="small" type="text" icon={<ArrowDownOutlined />} disabled={last} aria-label={t("designDown", { name: title })} onClick={() => move(place + 1)} />
        <Button size="small" type="text" icon={<DeleteOutlined />} aria-label={t("designTakeAway", { name: title })} onClick={remove} />
      </div>
    </div>
  );
}
