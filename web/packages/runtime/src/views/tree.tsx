import { CaretDownOutlined, CaretRightOutlined } from "@ant-design/icons";
import { Failure, Nothing, recordLink, Sketch, useRoving, useSpeech, type Key } from "@lowcode/kit";
import type { Form, StoredRecord, View } from "@lowcode/protocol";
import { Button } from "antd";
import { useState, type CSSProperties, type ReactNode } from "react";
import { besideIn, nameOf, usual } from "../fields";
import { Cell } from "../grid/cell";
import { useShown, type Shown } from "../grid/columns";
import { More } from "../grid/more";
import { useRecords } from "../grid/records";
import type { ListState } from "../grid/state";
import { Frame } from "./frame";

interface BranchProps {
  form: Form;
  view: View;
  state: ListState;
  columns: Shown[];
  under: number | null;
  depth: number;
}

const LEAVES = "[role=row][aria-level]";

/** Right opens and goes in, Left closes and goes out, Enter is the record (ARIA practices, treegrid). */
const keysOf: Key = (key, leaf, leaves) => {
  const open = leaf.getAttribute("aria-expanded") === "true";
  const level = (each: HTMLElement) => Number(each.getAttribute("aria-level"));
  const at = leaves.indexOf(leaf);
  if (key === "Enter") return (leaf.querySelector<HTMLElement>("a")?.click(), true);
  if ((key === "ArrowRight" && !open) || (key === "ArrowLeft" && open)) return (leaf.querySelector<HTMLElement>("button")?.click(), true);
  if (key === "ArrowRight") return leaves[at + 1] && level(leaves[at + 1]!) > level(leaf) ? leaves[at + 1]! : true;
  if (key === "ArrowLeft") return leaves.slice(0, at).reverse().find((each) => level(each) < level(leaf)) ?? true;
  return undefined;
};

/** Records under one another; what hangs below one is asked for when it is opened. */
export default function Tree({ form, view: asked, state }: { form: Form; view: View; state: ListState }) {
  const { w } = useSpeech();
  const view = { ...asked, parent: asked.parent ?? form.tree ?? undefined };
  const root = useRoving<HTMLDivElement>(LEAVES, keysOf);
  const columns = useShown(form, (view.columns?.length ? view.columns : usual(form).slice(0, 4)).filter((each) => nameOf(each) !== form.label && nameOf(each) !== view.parent));
  return (
    <Frame form={form} state={state}>
      <div ref={root} className="lc-tree" role="treegrid" aria-label={w(form.title)}>
        <div className="lc-tree-row lc-tree-head" role="row" style={widths(columns)}>
          <span role="columnheader">{w(form.title)}</span>
          {columns.map(({ field, name }) => (
            <span key={name} role="columnheader">
              {w(field.title) || name}
            </span>
          ))}
        </div>
        <Branch form={form} view={view} state={state} columns={columns} under={null} depth={0} />
      </div>
    </Frame>
  );
}

/** How wide the columns are where they stand beside one another: on a phone they do not. */
const widths = (columns: Shown[]): CSSProperties => ({ "--lc-tree-columns": `minmax(220px, 2fr) ${columns.map(() => "minmax(90px, 1fr)").join(" ")}` }) as CSSProperties;

function Branch({ form, view, state, columns, under, depth }: BranchProps) {
  const { t } = useSpeech();
  const asked = state.filtered;
  const place = under !== null ? `${view.parent}.id = ${under}` : asked ? "" : `${view.parent} is blank`;
  const where = [place, under === null ? state.where : ""].filter(Boolean).join(" and ");
  const records = useRecords({ form, ...state.asked, ...(under === null ? {} : { filter: undefined, search: undefined }), where: where || undefined, fields: columns.map(({ name }) => name), limit: 100, count: false });
  if (records.error) return <Whole><Failure small error={records.error} retry={() => void records.refetch()} /></Whole>;
  if (records.isPending) return <Whole><Sketch rows={2} /></Whole>;
  if (records.items.length === 0) return <Whole>{under === null ? <Nothing small title={t("nothingHere")} /> : <div className="lc-quiet lc-tree-none" style={{ paddingInlineStart: 28 + depth * 22 }}>{t("nothingBelow")}</div>}</Whole>;
  return (
    <>
      <ul role="presentation">
        {records.items.map((record) => (
          <Leaf key={record.id} form={form} view={view} state={state} columns={columns} record={record} under={record.id} depth={depth} />
        ))}
      </ul>
      <More records={records} within={(each) => <Whole>{each}</Whole>} />
    </>
  );
}

/** What is no record, as a row of its own. */
function Whole({ children }: { children: ReactNode }) {
  return (
    <div role="row">
      <div role="gridcell">{children}</div>
    </div>
  );
}

function Leaf({ record, ...props }: BranchProps & { record: StoredRecord }) {
  const { t, w } = useSpeech();
  const [open, setOpen] = useState(false);
  const { form, columns, depth } = props;
  return (
    <li role="presentation">
      <div className="lc-tree-row" role="row" aria-level={depth + 1} aria-expanded={open} style={{ ...widths(columns), "--lc-tree-depth": depth } as CSSProperties}>
        <span className="lc-tree-name" role="gridcell">
          <Button type="text" size="small" tabIndex={-1} icon={open ? <CaretDownOutlined /> : <CaretRightOutlined />} aria-label={t(open ? "fold" : "unfold", { name: record._label })} onClick={() => setOpen(!open)} />
          <a tabIndex={-1} href={recordLink(form.name, record.id)}>
            {record._label}
          </a>
        </span>
        {columns.map(({ field, name }) => (
          <span key={name} role="gridcell" className="lc-ellipsis" data-title={w(field.title) || name}>
            <Cell field={field} value={record[name]} beside={besideIn(field, name, record)} />
          </span>
        ))}
      </div>
      {open && <Branch {...props} depth={depth + 1} />}
    </li>
  );
}
