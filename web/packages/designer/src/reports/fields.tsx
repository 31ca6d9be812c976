import { CalendarOutlined, CheckSquareOutlined, FieldNumberOutlined, FontSizeOutlined, LinkOutlined, PlusSquareOutlined, TagOutlined } from "@ant-design/icons";
import { useNarrow, useSpeech } from "@lowcode/kit";
import type { Text } from "@lowcode/protocol";
import { useRuntime } from "@lowcode/runtime";
import { useMovable } from "@lowcode/runtime/dragging";
import { Input } from "antd";
import { useState, type ReactNode } from "react";
import type { Putting } from "./putting";
import { knownOf, leadsOf, type Dataset, type Known, type Sort } from "./subject";

const DEEPEST = 3;

const ICONS: Record<Sort, ReactNode> = {
  number: <FieldNumberOutlined />, date: <CalendarOutlined />, choice: <TagOutlined />, boolean: <CheckSquareOutlined />, text: <FontSizeOutlined />, record: <LinkOutlined />, none: null,
};

/** What can be put into the wells: the records, what a dataset says, the fields of the form and of what it links to. */
export function Fields({ form, dataset, putting }: { form: string; dataset: Dataset | undefined; putting: Putting }) {
  const { app } = useRuntime();
  const { t, w } = useSpeech();
  const narrow = useNarrow();
  const [wanted, setWanted] = useState("");
  const fits = (title: Text, name: string) => wanted === "" || w(title).toLowerCase().includes(wanted.toLowerCase()) || name.includes(wanted.toLowerCase());
  return (
    <div className="lc-report-fields">
      <Input.Search size="small" allowClear aria-label={t("reportFind")} placeholder={t("reportFind")} value={wanted} onChange={(event) => setWanted(event.target.value.trim())} />
      <p className="lc-quiet">{t(narrow ? "reportFieldsPress" : "reportFieldsHint")}</p>
      {dataset && (
        <>
          <h2>{t("reportOfDataset", { name: w(dataset.title) })}</h2>
          {dataset.dimensions.filter((each) => fits(each.title, each.name)).map((each) => <Movable key={`d${each.name}`} id={`ready:d:${each.name}`} title={w(each.title)} icon={each.grain ? ICONS.date : ICONS.choice} press={() => putting.press(`ready:d:${each.name}`)} />)}
          {dataset.measures.filter((each) => fits(each.title, each.name)).map((each) => <Movable key={`m${each.name}`} id={`ready:m:${each.name}`} title={w(each.title)} icon={ICONS.number} press={() => putting.press(`ready:m:${each.name}`)} />)}
        </>
      )}
      <h2>{w(app.forms[form]?.title) || form}</h2>
      {fits(t("reportRecords"), "count") && <Movable id="count:" title={t("reportRecords")} icon={<PlusSquareOutlined />} press={() => putting.press("count:")} />}
      <Of form={form} before="" depth={1} wanted={wanted} fits={fits} putting={putting} />
    </div>
  );
}

interface OfProps {
  form: string;
  before: string;
  of?: Text;
  depth: number;
  wanted: string;
  fits: (title: Text, name: string) => boolean;
  putting: Putting;
}

function Of({ form, before, of, depth, wanted, fits, putting }: OfProps) {
  const { app } = useRuntime();
  const found = app.forms[form];
  return (
    <>
      {knownOf(found, before).filter((each) => fits(each.title, each.path)).map((each) => <FieldItem key={each.path} known={each} of={of} putting={putting} />)}
      {depth < DEEPEST && leadsOf(found).filter(({ field }) => field.name !== "id").map(({ field, to }) => <Leading key={field.name} field={field.name} title={field.title} to={to} before={before} depth={depth} wanted={wanted} fits={fits} putting={putting} />)}
    </>
  );
}

/** What a link leads to, opened by a press; while something is looked for, one link deep is looked through. */
function Leading({ field, title, to, before, depth, wanted, fits, putting }: Omit<OfProps, "form" | "of"> & { field: string; title: Text; to: string }) {
  const { app } = useRuntime();
  const { w } = useSpeech();
  const [open, setOpen] = useState(false);
  const path = `${before}${field}.`;
  const hits = wanted !== "" && depth === 1 && knownOf(app.forms[to], path).some((each) => fits(each.title, each.path));
  if (wanted !== "" && !hits && !open) return null;
  return (
    <div className="lc-report-linked">
      <button type="button" className="lc-design-fold" aria-expanded={open || hits} onClick={() => setOpen(!open)}>{w(title) || field} →</button>
      {(open || hits) && <div className="lc-report-inner"><Of form={to} before={path} of={title} depth={depth + 1} wanted={wanted} fits={fits} putting={putting} /></div>}
    </div>
  );
}

function FieldItem({ known, of, putting }: { known: Known; of?: Text; putting: Putting }) {
  const { w } = useSpeech();
  const called = of === undefined ? w(known.title) : `${w(of)} · ${w(known.title)}`;
  return <Movable id={`field:${known.path}`} title={w(known.title)} called={called} icon={ICONS[known.sort]} press={() => putting.press(`field:${known.path}`)} />;
}

function Movable({ id, title, called = title, icon, press }: { id: string; title: string; called?: string; icon: ReactNode; press: () => void }) {
  const { ref, moving } = useMovable(`new:${id}`, called, false);
  return (
    <button type="button" ref={ref} className={moving ? "lc-report-field lc-design-moving" : "lc-report-field"} data-field={id} title={called} onClick={press} onKeyDown={(event) => event.key === "Enter" && (event.preventDefault(), press())}>
      <span className="lc-quiet" aria-hidden="true">{icon}</span> {title}
    </button>
  );
}
