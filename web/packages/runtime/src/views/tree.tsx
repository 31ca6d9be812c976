import { CaretDownOutlined, CaretRightOutlined } from "@ant-design/icons";
import { Failure, Nothing, recordLink, Sketch, useSpeech } from "@lowcode/kit";
import type { Form, StoredRecord, View } from "@lowcode/protocol";
import { Button } from "antd";
import { useState } from "react";
import { nameOf, usual } from "../fields";
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

/** Records under one another; what hangs below one is asked for when it is opened. */
export default function Tree({ form, view: asked, state }: { form: Form; view: View; state: ListState }) {
  const { w } = useSpeech();
  const view = { ...asked, parent: asked.parent ?? form.tree ?? undefined };
  const columns = useShown(form, (view.columns?.length ? view.columns : usual(form).slice(0, 4)).filter((each) => nameOf(each) !== form.label && nameOf(each) !== view.parent));
  return (
    <Frame form={form} state={state}>
      <div className="lc-tree" role="group" aria-label={w(form.title)}>
        <div className="lc-tree-row lc-tree-head" aria-hidden="true" style={{ gridTemplateColumns: widths(columns) }}>
          <span>{w(form.title)}</span>
          {columns.map(({ field, name }) => (
            <span key={name}>{w(field.title) || name}</span>
          ))}
        </div>
        <Branch form={form} view={view} state={state} columns={columns} under={null} depth={0} />
      </div>
    </Frame>
  );
}

const widths = (columns: Shown[]): string => `minmax(220px, 2fr) ${columns.map(() => "minmax(90px, 1fr)").join(" ")}`;

function Branch({ form, view, state, columns, under, depth }: BranchProps) {
  const { t } = useSpeech();
  const asked = state.filtered;
  const place = under !== null ? `${view.parent}.id = ${under}` : asked ? "" : `${view.parent} is blank`;
  const where = [place, under === null ? state.where : ""].filter(Boolean).join(" and ");
  const records = useRecords({ form, ...state.asked, ...(under === null ? {} : { filter: undefined, search: undefined }), where: where || undefined, fields: columns.map(({ name }) => name), limit: 100, count: false });
  if (records.error) return <Failure small error={records.error} retry={() => void records.refetch()} />;
  if (records.isPending) return <Sketch rows={2} />;
  if (records.items.length === 0) return under === null ? <Nothing small title={t("nothingHere")} /> : <div className="lc-quiet lc-tree-none" style={{ paddingInlineStart: 28 + depth * 22 }}>{t("nothingBelow")}</div>;
  return (
    <>
      <ul>
        {records.items.map((record) => (
          <Leaf key={record.id} form={form} view={view} state={state} columns={columns} record={record} under={record.id} depth={depth} />
        ))}
      </ul>
      <More records={records} />
    </>
  );
}

function Leaf({ record, ...props }: BranchProps & { record: StoredRecord }) {
  const { t } = useSpeech();
  const [open, setOpen] = useState(false);
  const { form, columns, depth } = props;
  return (
    <li>
      <div className="lc-tree-row" style={{ gridTemplateColumns: widths(columns) }}>
        <span className="lc-tree-name" style={{ paddingInlineStart: depth * 22 }}>
          <Button type="text" size="small" icon={open ? <CaretDownOutlined /> : <CaretRightOutlined />} aria-expanded={open} aria-label={t(open ? "fold" : "unfold", { name: record._label })} onClick={() => setOpen(!open)} />
          <a href={recordLink(form.name, record.id)}>{record._label}</a>
        </span>
        {columns.map(({ field, name }) => (
          <span key={name} className="lc-ellipsis">
            <Cell field={field} value={record[name]} />
          </span>
        ))}
      </div>
      {open && <Branch {...props} depth={depth + 1} />}
    </li>
  );
}
